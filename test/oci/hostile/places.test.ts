import {execFileSync} from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {dirname, join} from 'node:path';
import {beforeEach, describe, expect, test} from 'vitest';
import {describeTrees} from '../../e2e/harness/trees.ts';
import type {Config} from '../harness/bundle.ts';
import {runtimePath, useRoom} from '../harness/room.ts';
import {expectRefused, oneError} from './refused.ts';

const at = useRoom();
let bait: string;
let before: Record<string, string>;

beforeEach(() => {
  bait = join(at.room.path, 'bait');
  mkdirSync(join(bait, 'pts'), {recursive: true});
  writeFileSync(join(bait, 'file'), 'of the host\n');
  chmodSync(bait, 0o777);
  before = describeTrees([bait]);
});

/** Replaces something in the root file system by a symbolic link. */
function plant(path: string, target: string): void {
  const link = join(at.room.bundle, 'rootfs', path);
  rmSync(link, {recursive: true, force: true});
  mkdirSync(dirname(link), {recursive: true});
  symlinkSync(target, link);
}

/** It is refused, or runs; in either case the host is as it was. */
async function tryTo(command: string, more: Config = {}) {
  at.room.write(command, more);
  const result = await at.room.oci(['run', '--bundle', at.room.bundle, at.room.id]);
  expect(describeTrees([bait])).toEqual(before);
  if (result.status !== 0) expect(result.stderr).toMatch(oneError);
  await at.room.expectNothingLeft();
  return result;
}

const proc = {destination: '/proc', type: 'proc', source: 'proc'};
const sys = {destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['ro']};
const dev = {destination: '/dev', type: 'tmpfs', source: 'tmpfs'};

describe('a root file system', () => {
  test.each(['proc', 'sys', 'dev'])(
    'whose /%s is a link gets nothing mounted outside',
    async (name) => {
      for (const target of [bait, '../../bait', '/etc', '/tmp']) {
        plant(name, target);
        const {status} = await tryTo('echo ran', {mounts: [proc, sys, dev]});
        expect([target, status]).toEqual([target, 1]);
      }
    },
  );

  test('that is a link itself is the directory that it leads to', async () => {
    execFileSync('mv', [join(at.room.bundle, 'rootfs'), join(at.room.path, 'elsewhere')]);
    symlinkSync('../elsewhere', join(at.room.bundle, 'rootfs'));
    expect(await tryTo('echo ran')).toMatchObject({status: 0, stdout: 'ran\n'});
  });

  test("is not masked with its own /dev/null: that may be a link to the kernel's files", async () => {
    plant('dev/null', '/proc/sys/kernel/core_pattern');
    const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
    const {stdout} = await tryTo('cat /proc/kcore | wc -c; echo x > /proc/kcore; echo $?', {
      mounts: [proc],
      linux: {maskedPaths: ['/proc/kcore', '/proc/keys']},
    });
    expect(stdout).not.toMatch(/[1-9]\d{3}/);
    expect(readFileSync('/proc/sys/kernel/core_pattern', 'utf8')).toBe(pattern);
  });

  test('whose masked and read-only paths are links has nothing of the host masked', async () => {
    plant('mask', bait);
    plant('file', join(bait, 'file'));
    await tryTo('echo ran', {
      linux: {maskedPaths: ['/mask', '/file'], readonlyPaths: ['/mask', '/file']},
    });
    writeFileSync(join(bait, 'file'), 'of the host\n');
  });

  test.each(['dev/console', 'dev/pts', 'dev/ptmx', 'dev'])(
    'whose /%s is a link gets no terminal of ours mounted outside',
    async (name) => {
      plant(name, name === 'dev' || name === 'dev/pts' ? bait : join(bait, 'file'));
      at.room.write('echo ran', {process: {terminal: true}, mounts: [proc]});
      const socket = join(at.room.path, 'console');
      const server = createServer((connection) => connection.resume()).listen(socket);
      const words = ['create', '--bundle', at.room.bundle, '--console-socket', socket, at.room.id];
      const {stderr, status} = await at.room.oci(words);
      if (status !== 0) expect(stderr).toMatch(oneError);
      await at.room.must(['delete', '--force', at.room.id]);
      server.close();
      expect(describeTrees([bait])).toEqual(before);
    },
  );

  test('cannot have a descriptor of the host for a working directory', async () => {
    for (let fd = 0; fd < 20; fd++) {
      const {status, stdout} = await tryTo('cat ../../../etc/hostname; pwd', {
        process: {cwd: `/proc/self/fd/${fd}`},
      });
      expect([fd, status, stdout]).toEqual([fd, 1, '']);
    }
  });

  test('cannot have /proc/self/exe for a command: nobody writes to our program', async () => {
    plant('bin/self', '/proc/self/exe');
    const {stdout, status} = await tryTo('', {
      process: {args: ['/bin/self', '--oci', '-', 'state', 'x']},
    });
    expect({stdout, status}).toEqual({stdout: '', status: expect.any(Number)});
  });
});

describe('a mount', () => {
  test.each([
    ['/link', '/link'],
    ['below a link', '/link/pts'],
    ['by dots', '/tmp/../../../../../bait'],
    ['by a link to dots', '/up/bait'],
  ])('%s stays inside', async (_, destination) => {
    plant('link', bait);
    plant('up', '../../..');
    await tryTo('echo ran', {
      mounts: [proc, {destination, type: 'tmpfs', source: 'tmpfs'}],
    });
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(at.room.path);
  });

  test.each([
    ['a tmpfs', {destination: '/proc', type: 'tmpfs', source: 'tmpfs'}],
    ['a directory', {destination: '/proc', type: 'bind', source: '/tmp', options: ['bind']}],
    ['a tmpfs below', {destination: '/proc/self', type: 'tmpfs', source: 'tmpfs'}],
    ['a tmpfs on its sysctls', {destination: '/proc/sys', type: 'tmpfs', source: 'tmpfs'}],
    [
      'a file on attr',
      {
        destination: '/proc/self/attr/exec',
        type: 'bind',
        source: '/etc/hostname',
        options: ['bind'],
      },
    ],
  ])('of %s on /proc is refused', async (title, mount) => {
    const mounts = title.includes('on ') || title.includes('below') ? [proc, mount] : [mount];
    const {status, stderr} = await tryTo('echo ran', {mounts});
    expect([status, stderr]).toEqual([1, expect.stringMatching(/\/proc/)]);
  });

  test('of its own on /proc/sys does not get a sysctl written elsewhere', async () => {
    const before = readFileSync('/proc/sys/kernel/domainname', 'utf8');
    await tryTo('cat /proc/sys/kernel/domainname', {
      linux: {sysctl: {'kernel.domainname': 'inside'}},
    });
    expect(readFileSync('/proc/sys/kernel/domainname', 'utf8')).toBe(before);
  });

  test.each([
    ['kernel.panic', []],
    ['kernel.core_pattern', []],
    ['vm.overcommit_memory', []],
    ['net.ipv4.ip_forward', ['network']],
    ['kernel.shmmax', ['ipc']],
    ['kernel.domainname', ['uts']],
    ['net/../kernel/panic', []],
    ['kernel/../../../etc/x', []],
  ])('and a sysctl %s that is the host’s is refused', async (name, without) => {
    const types = ['pid', 'mount', 'ipc', 'uts', 'network'].filter(
      (type) => !without.includes(type),
    );
    const {status} = await tryTo('echo ran', {
      ...(without.includes('uts') && {hostname: undefined}),
      linux: {sysctl: {[name]: '1'}, namespaces: types.map((type) => ({type}))},
    });
    expect(status).toBe(1);
  });
});

describe('a device', () => {
  test.each(['/dev/../../../../bait/device', '/link/device', '/tmp/../../bait/x'])(
    'at %s is made inside or not at all',
    async (path) => {
      plant('link', bait);
      await tryTo('echo ran', {linux: {devices: [{path, type: 'c', major: 1, minor: 3}]}});
    },
  );
});

describe('what the caller names', () => {
  test('as a console socket must be one, listening, of a path that an address has room for', async () => {
    at.room.write('echo ran', {process: {terminal: true}});
    const long = join(at.room.path, 'x'.repeat(120));
    writeFileSync(join(at.room.path, 'file'), '');
    execFileSync('python3', [
      ...['-c', 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])'],
      join(at.room.path, 'deaf'),
    ]);
    for (const path of [join(at.room.path, 'file'), join(at.room.path, 'deaf'), '/nowhere', long]) {
      await expectRefused(at.room, ['--console-socket', path, at.room.id]);
    }
    expect(readFileSync(join(at.room.path, 'file'), 'utf8')).toBe('');
  });

  test('as a pid file is written by a rename, and never through a link', async () => {
    at.room.write('exec sleep 100');
    const file = join(at.room.path, 'pid');
    symlinkSync(join(bait, 'file'), file);
    await at.room.must(['create', '--bundle', at.room.bundle, '--pid-file', file, at.room.id]);
    expect(readFileSync(file, 'utf8')).toBe(String((await at.room.state()).pid));
    expect(describeTrees([bait])).toEqual(before);
    await at.room.must(['delete', '--force', at.room.id]);
    await expectRefused(at.room, ['--pid-file', '/nowhere/pid', at.room.id]);
    await expectRefused(at.room, ['--pid-file', bait, at.room.id]);
    expect(describeTrees([bait])).toEqual(before);
  });

  test('as a log that cannot be written changes nothing, nor one that nobody reads', async () => {
    const fifo = join(at.room.path, 'fifo');
    execFileSync('mkfifo', [fifo]);
    for (const log of ['/nowhere/log', bait, fifo, '/proc/version']) {
      at.room.write('echo ran', {hostname: 5});
      expect(await at.room.oci(['--log', log, 'state', at.room.id])).toMatchObject({
        status: 1,
        stderr: /does not exist/,
      });
      await expectRefused(at.room);
      const [program = '', ...words] = at.room.words([]);
      const create = [...words, '--log', log, 'create', '--bundle', at.room.bundle, at.room.id];
      expect(await at.room.launch(program, create).result).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(oneError),
      });
    }
  });

  test('as its root is obeyed only where nobody else may write', async () => {
    at.room.write('exec sleep 100');
    await at.room.create();
    const refusals = [
      () => chmodSync(at.room.root, 0o777),
      () => chmodSync(at.room.root, 0o770),
      () => chmodSync(at.room.root, 0o1777),
      () => chownSync(at.room.root, 1000, 1000),
    ];
    for (const spoil of refusals) {
      spoil();
      for (const verb of ['state', 'start', 'kill', 'delete']) {
        const {status, stderr} = await at.room.oci([verb, at.room.id]);
        expect([verb, status, stderr]).toEqual([verb, 1, expect.stringMatching(/is not obeyed/)]);
      }
      const {stderr} = await at.room.create(`${at.room.id}-2`);
      expect(stderr).toMatch(/is not obeyed/);
      chownSync(at.room.root, 0, 0);
      chmodSync(at.room.root, 0o700);
    }
    expect(await at.room.state()).toMatchObject({status: 'created'});
    await at.room.must(['delete', at.room.id]);
  });

  test('as its root may be relative to where a command is called', async () => {
    at.room.write('exec sleep 100');
    const runtime = (words: readonly string[], cwd: string) =>
      at.room.launch(runtimePath(), words, {cwd}).result;
    const create = ['--root', 'root', 'create', '--bundle', 'bundle', at.room.id];
    expect(await runtime(create, at.room.path)).toMatchObject({status: 0});
    expect(await at.room.state()).toMatchObject({status: 'created'});
    const start = ['--root', '../root', 'start', at.room.id];
    expect(await runtime(start, at.room.bundle)).toMatchObject({status: 0});
    expect(
      await runtime(['--root', 'root', 'delete', '--force', at.room.id], at.room.path),
    ).toEqual({
      ...{status: 0, stdout: '', stderr: ''},
    });
  });

  test('as a container is not followed where its directory is a link', async () => {
    at.room.write('exec sleep 100');
    await at.room.create();
    const other = `${at.room.id}-2`;
    symlinkSync(at.room.id, at.room.kept(other));
    for (const verb of ['state', 'start', 'kill', 'delete']) {
      expect(await at.room.oci([verb, other])).toMatchObject({status: 1});
    }
    expect(await at.room.create(other)).toMatchObject({status: 1, stderr: /already exists/});
    expect(readlinkSync(at.room.kept(other))).toBe(at.room.id);
    rmSync(at.room.kept(other));
    expect(await at.room.state()).toMatchObject({status: 'created'});
    await at.room.must(['delete', at.room.id]);
  });
});
