import {mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {binPath} from '../e2e/harness/run.ts';
import {hostPrompt, Terminal} from '../terminal/tmux.ts';
import {account, Registry} from './harness/registry.ts';

let scratch = '';
let terminal: Terminal | undefined;
beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'minicontainer-login-'));
  symlinkSync(binPath(), join(scratch, 'minicontainer'));
  terminal = await Terminal.open({
    ...{uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0},
    directory: scratch,
    environment: {
      PATH: `${scratch}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: scratch,
      LANG: 'C.UTF-8',
      CONTAINERS_REGISTRIES_CONF: '/dev/null',
    },
  });
});
afterEach(async () => {
  await terminal?.close();
  rmSync(scratch, {recursive: true});
});

test('login asks a person for user and password, and does not show the password', async () => {
  await using registry = await Registry.start({auth: 'basic'});
  const authFile = join(scratch, 'auth.json');
  const flags = `--cert-dir ${registry.certificates} --authfile ${authFile}`;
  // Whatever its stdin is.
  await terminal?.enter(`minicontainer login ${flags} ${registry.host} </dev/null`);
  await terminal?.shows(/^Username:$/);
  await terminal?.enter(account.user);
  await terminal?.shows(/^Password:$/);
  await terminal?.type(`${account.password}!`);
  await terminal?.press('BSpace', 'Enter');
  await terminal?.shows(/^Login succeeded: captain at localhost/);
  await terminal?.prompted(hostPrompt);
  const seen = (await terminal?.screen('-S-')) ?? [];
  expect(seen.join('\n')).not.toContain(account.password);
  const {auths} = JSON.parse(readFileSync(authFile, 'utf8'));
  expect(Buffer.from(auths[registry.host].auth, 'base64').toString()).toBe(
    `${account.user}:${account.password}`,
  );
});

test('Ctrl-C ends it at the password, and the terminal is as it was', async () => {
  const before = await terminal?.modes();
  await terminal?.clear();
  await terminal?.enter('minicontainer login -u me localhost:1');
  await terminal?.shows(/^Password:$/);
  await terminal?.press('C-c');
  await terminal?.prompted(hostPrompt);
  expect(await terminal?.ask('echo "exit $?"')).toEqual(['exit 130']);
  expect(await terminal?.modes()).toBe(before);
});
