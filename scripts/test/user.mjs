// A plain user's place: a copy of the tree in the test user's home, and the way to run there.
import {spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {root} from '../root.mjs';

export const testUser = 'mctest';

// A login's, with the Node that runs this in front.
const path = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin`;

export function testUserExists() {
  return succeeds('id', testUser);
}

export function asTestUser(scratch) {
  const home = `/home/${testUser}`;
  const directory = mkdtempSync(join(home, 'clone-'));
  chmodSync(scratch, 0o777);
  // Hard links, as the tree with its node_modules is large and only its directories need an owner;
  // a copy where the home is on another file system.
  if (!succeeds('cp', '-al', `${root}/.`, directory)) must('cp', '-a', `${root}/.`, directory);
  for (const own of ['.git', 'node_modules/.vite']) {
    rmSync(join(directory, own), {recursive: true, force: true});
  }
  must('find', directory, '-type', 'd', '-exec', 'chown', `${testUser}:`, '{}', '+');
  return {
    directory,
    wrap: (command) => [
      ...['runuser', '-u', testUser, '--', 'env', '-i', `HOME=${home}`, `USER=${testUser}`],
      ...[`PATH=${path}`, 'LANG=C.UTF-8', 'TERM=dumb', `CI=${process.env.CI ?? ''}`],
      ...(process.stdout.isTTY ? ['FORCE_COLOR=1'] : ['NO_COLOR=1']),
      ...(process.env.MINICONTAINER_TEST_LONG ? ['MINICONTAINER_TEST_LONG=1'] : []),
      ...command,
    ],
    remove: () => rmSync(directory, {recursive: true, force: true}),
  };
}

function succeeds(command, ...args) {
  return spawnSync(command, args, {stdio: 'ignore'}).status === 0;
}

function must(command, ...args) {
  const {status, stderr} = spawnSync(command, args, {encoding: 'utf8'});
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}
