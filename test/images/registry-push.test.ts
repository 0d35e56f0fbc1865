import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterEach, beforeEach, describe, expect, inject, test} from 'vitest';
import {binPath} from '../e2e/harness/run.ts';
import {pullByLibrary, registryOptions} from './harness/library-pull.ts';
import {account, Registry} from './harness/registry.ts';

// push, login and logout as a user calls them; skopeo says what then is in the registry.

const execute = promisify(execFile);

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'minicontainer-push-'));
});
afterEach(() => rmSync(scratch, {recursive: true}));

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function minicontainer(
  words: readonly string[],
  {stdin = '', env = {}}: {stdin?: string; env?: Readonly<Record<string, string>>} = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [binPath(), ...words],
      {
        env: {
          PATH: process.env.PATH,
          HOME: scratch,
          MINICONTAINER_ROOT: join(scratch, 'store'),
          CONTAINERS_REGISTRIES_CONF: '/dev/null',
          ...env,
        },
      },
      (error, stdout, stderr) => {
        resolve({status: error === null ? 0 : Number(error.code), stdout, stderr});
      },
    );
    child.stdin?.end(stdin);
  });
}

async function raw(image: string, ...flags: string[]): Promise<string> {
  const words = ['inspect', '--raw', ...flags, `docker://${image}`];
  return (await execute('skopeo', words)).stdout;
}

/** Pulled by the library, so that it is in the store under its own name. */
function have(tag: string) {
  const image = `${inject('images').registry}/fixtures/${tag}`;
  return pullByLibrary(image, join(scratch, 'store'), registryOptions(scratch));
}

describe('push', () => {
  test('brings the very bytes, and says the digest', async () => {
    await using registry = await Registry.start();
    const {digest, stored} = await have('everything');
    const digestfile = join(scratch, 'digest');
    const to = `${registry.host}/pushed/everything:1`;
    const source = `${stored.name}`;
    const pushed = await minicontainer(['push', source, to, '--digestfile', digestfile]);
    expect(pushed).toMatchObject({
      status: 0,
      stdout: `${to}: digest: ${digest} size: ${stored.manifest.size}\n`,
    });
    expect(readFileSync(digestfile, 'utf8')).toBe(digest);
    const there = await raw(to, '--tls-verify=false');
    expect(Buffer.from(there)).toEqual(
      await (await have('everything')).store.readBlob(stored.manifest),
    );
    // The tag is the last that is written, and no blob comes after a manifest.
    const writes = registry.requests.filter(({method}) => method === 'PUT').map(({path}) => path);
    expect(writes.at(-1)).toBe('/v2/pushed/everything/manifests/1');
  });

  test('sends nothing again that is there, and takes from another repository what is there', async () => {
    await using registry = await Registry.start();
    const {stored, store} = await have('layers-100');
    const count = (method: string) =>
      registry.requests.filter((request) => request.method === method).length;
    const first = `${registry.host}/one/image:1`;
    await minicontainer(['push', `${stored.name}`, first]);
    expect(count('PATCH')).toBeGreaterThan(90);
    const sent = count('PATCH');
    expect((await minicontainer(['push', `${stored.name}`, first])).status).toBe(0);
    expect(count('PATCH')).toBe(sent);
    // Under a name of that registry the store knows that it is there.
    await store.setName(first, {digest: stored.digest, manifest: stored.manifest});
    expect((await minicontainer(['push', first, `${registry.host}/other/image:1`])).status).toBe(0);
    expect(count('PATCH')).toBe(sent);
    const mounts = registry.requests.filter(({path}) => path.includes('from=one%2Fimage'));
    expect(mounts.length).toBeGreaterThan(90);
    expect(mounts.every(({status}) => status === 201)).toBe(true);
    await raw(`${registry.host}/other/image:1`, '--tls-verify=false');
  });

  test('brings an index with all of its images, children first', async () => {
    await using registry = await Registry.start();
    const image = await have('many-platforms');
    const to = `${registry.host}/pushed/many:1`;
    const name = `${image.stored.name}`;
    expect(await minicontainer(['push', '--all-platforms', name, to])).toMatchObject({
      status: 125,
      stderr: expect.stringContaining('is not here'),
    });
    const {manifests} = JSON.parse(await raw(name, '--tls-verify=false'));
    const options = registryOptions(scratch);
    for (const {digest, platform} of manifests) {
      const part = `${name.replace(/:latest$/, '')}@${digest}`;
      await pullByLibrary(part, join(scratch, 'store'), options, platform);
    }
    expect(await minicontainer(['push', '--all-platforms', '-q', name, to])).toMatchObject({
      status: 0,
      stdout: `${to}\n`,
    });
    expect(await raw(to, '--tls-verify=false')).toBe(await raw(name, '--tls-verify=false'));
  });

  test('says what it cannot push, and where it may not', async () => {
    await using registry = await Registry.start({auth: 'basic'});
    const {stored} = await have('busybox');
    const name = `${stored.name}`;
    const to = `${registry.host}/x:1`;
    const failures: [readonly string[], string][] = [
      [['nothing', to], 'nothing'],
      [[stored.id.slice(7, 19)], 'does not say where to push'],
      [[name, `${registry.host}/x@${stored.digest}`], 'images are pushed to a tag'],
      [[name, to], `certificate is not trusted`],
      [[name, to, '--cert-dir', registry.certificates], `${registry.host} refuses access to`],
      [[name, to, '--cert-dir', registry.certificates, '--creds', 'a:b'], 'minicontainer login'],
      [[name, 'localhost:1/x:1'], 'ECONNREFUSED'],
      [['-a', `${registry.host}/x`], 'no image of'],
    ];
    for (const [words, said] of failures) {
      expect(await minicontainer(['push', ...words])).toMatchObject({
        status: 125,
        stderr: expect.stringContaining(said),
      });
    }
  });

  test('pushes every tag of a repository', async () => {
    await using registry = await Registry.start();
    const {stored, store} = await have('busybox');
    const image = {digest: stored.digest, manifest: stored.manifest};
    for (const tag of ['1', '2']) await store.setName(`${registry.host}/all:${tag}`, image);
    expect((await minicontainer(['push', '-a', `${registry.host}/all`])).status).toBe(0);
    const {stdout} = await execute('skopeo', [
      ...['list-tags', '--tls-verify=false', `docker://${registry.host}/all`],
    ]);
    expect(JSON.parse(stdout).Tags.sort()).toEqual(['1', '2']);
  });
});

describe.each(['basic', 'bearer'] as const)('login to a registry with %s', (auth) => {
  test('lets push and pull in, and logout ends it', async () => {
    await using registry = await Registry.start({auth});
    const {stored} = await have('busybox');
    const [name, to] = [`${stored.name}`, `${registry.host}/private/busybox:1`];
    const trust = ['--cert-dir', registry.certificates];
    const login = ['login', '-u', account.user, '--password-stdin', ...trust, registry.host];

    const wrong = await minicontainer(login, {stdin: 'not the password\n'});
    expect(wrong).toMatchObject({status: 125, stdout: ''});
    expect(wrong.stderr).toMatch(/does not let user captain in|refuses the credentials/);
    expect(wrong.stderr).not.toContain('not the password');

    const authFile = join(scratch, '.config/containers/auth.json');
    expect(await minicontainer(login, {stdin: `${account.password}\n`})).toEqual({
      status: 0,
      stdout: `Login succeeded: captain at ${registry.host}, kept in ${authFile}\n`,
      stderr: '',
    });
    expect(statSync(authFile).mode & 0o777).toBe(0o600);
    expect((await minicontainer(['login', '--get-login', registry.host])).stdout).toBe('captain\n');
    expect(await minicontainer(['push', name, to, ...trust])).toMatchObject({status: 0});
    // What podman and skopeo find, and what they write, is the same.
    await raw(to, '--authfile', authFile, ...trust);

    expect((await minicontainer(['logout', registry.host])).stdout).toContain('Logged out');
    expect((await minicontainer(['push', name, to, ...trust])).status).toBe(125);
    expect((await minicontainer(['logout', registry.host])).stderr).toContain(
      'nobody is logged in',
    );
    await execute(
      'skopeo',
      ['login', '-u', account.user, '-p', account.password, ...trust, registry.host],
      {env: {...process.env, REGISTRY_AUTH_FILE: authFile}},
    );
    expect((await minicontainer(['push', name, to, ...trust])).status).toBe(0);
    expect((await minicontainer(['logout', '--all'])).stdout).toBe(
      `Logged out of ${registry.host}\n`,
    );
  });
});

describe('login', () => {
  test('says what is missing when there is no terminal to ask', async () => {
    const lines: [readonly string[], string][] = [
      [['login', 'localhost:1'], 'give it by -u USER'],
      [['login', '-u', 'me', 'localhost:1'], 'give it by --password-stdin'],
      [['login', '-u', 'me', '--password-stdin', '-p', 'x', 'localhost:1'], 'given both'],
      [['login', '-u', 'me', '--password-stdin', 'localhost:1'], 'the password is empty'],
      [['login', '-u', 'me', '-p', 'x', 'somewhere'], '"somewhere" names no registry'],
      [['login', '-u', 'me', '-p', 'x', 'localhost:1'], 'ECONNREFUSED'],
      [['logout', '--all', 'localhost:1'], '--all is for no one registry'],
    ];
    for (const [words, said] of lines) {
      // Without a terminal of its own: that of the tests must not be asked.
      const {status, stderr} = await inNoTerminal(words);
      expect({status, stderr}).toEqual({status: 125, stderr: expect.stringContaining(said)});
    }
  });

  test('says that a password in the command line is seen, and does not repeat it', async () => {
    const {stderr} = await minicontainer(['login', '-u', 'me', '-p', 'seen-secret', 'localhost:1']);
    expect(stderr).toContain('--password shows it to other users');
    expect(stderr).not.toContain('seen-secret');
  });
});

function inNoTerminal(words: readonly string[]): Promise<Ended> {
  const script = join(scratch, 'no-terminal.sh');
  writeFileSync(script, `exec setsid -w "$@"\n`);
  return new Promise((resolve) => {
    const child = execFile(
      'bash',
      [script, process.execPath, binPath(), ...words],
      {env: {PATH: process.env.PATH, HOME: scratch, CONTAINERS_REGISTRIES_CONF: '/dev/null'}},
      (error, stdout, stderr) => {
        resolve({status: error === null ? 0 : Number(error.code), stdout, stderr});
      },
    );
    child.stdin?.end();
  });
}
