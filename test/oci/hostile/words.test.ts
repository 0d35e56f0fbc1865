import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {config} from '../harness/bundle.ts';
import {useRoom} from '../harness/room.ts';
import {expectRefused, oneError} from './refused.ts';

const command = 'echo it ran';
const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('a config.json is refused', () => {
  const at = useRoom();

  /** As a text: what JSON.stringify would not write. */
  test.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '1'],
    ['half of one', '{"ociVersion":'],
    ['200,000 brackets', deep(200_000)],
    ['200,000 brackets in an annotation', `{"annotations":${deep(200_000)}}`],
    ['bytes that are no text', '\u0000\u0001\ufffe'],
    ['something behind its end', '{}x'],
    ['no version', '{}'],
  ])('that is %s', async (_, text) => {
    writeFileSync(join(at.room.bundle, 'config.json'), text);
    await expectRefused(at.room);
  });

  test('of 100 megabytes, in a few seconds', async () => {
    writeFileSync(join(at.room.bundle, 'config.json'), `"${'x'.repeat(100_000_000)}"`);
    await expectRefused(at.room);
  });

  test.each([
    ['process', 'x'],
    ['process', []],
    ['process', {args: []}],
    ['process', {args: 'sh'}],
    ['process', {args: [1]}],
    ['process', {args: ['a\0b']}],
    ['process', {args: ['/bin/sh\0']}],
    ['process', {env: 'A=b'}],
    ['process', {env: ['A=\0']}],
    ['process', {env: {A: 'b'}}],
    ['process', {cwd: ''}],
    ['process', {cwd: 'relative'}],
    ['process', {cwd: '/a\0b'}],
    ['process', {cwd: 5}],
    ['process', {user: {uid: -1, gid: 0}}],
    ['process', {user: {uid: 4294967296, gid: 0}}],
    ['process', {user: {uid: 1.5, gid: 0}}],
    ['process', {user: {uid: '0', gid: 0}}],
    ['process', {user: {uid: 0, gid: 0, additionalGids: [-1]}}],
    ['process', {rlimits: [{type: 'RLIMIT_NONSENSE', soft: 1, hard: 1}]}],
    ['process', {rlimits: [{type: 'RLIMIT_NOFILE', soft: 2, hard: 1}]}],
    ['process', {oomScoreAdj: 100000}],
    ['process', {consoleSize: {width: 1e9, height: 1}, terminal: true}],
    ['root', null],
    ['root', 'rootfs'],
    ['root', {}],
    ['root', {path: ''}],
    ['root', {path: 5}],
    ['root', {path: 'nowhere'}],
    ['root', {path: 'config.json'}],
    ['root', {path: 'a\0b'}],
    ['mounts', {}],
    ['mounts', [{destination: 5}]],
    ['mounts', [{destination: '/a\0b', type: 'tmpfs', source: 'x'}]],
    ['mounts', [{destination: '/mnt', type: 'nonsense', source: 'x'}]],
    ['mounts', [{destination: '/mnt', type: 'bind', source: '/nowhere', options: ['bind']}]],
    ['hostname', 'a\0b'],
    ['hostname', 'x'.repeat(65)],
    ['hostname', 5],
    ['annotations', []],
    ['annotations', {a: 5}],
    ['linux', []],
    ['linux', {namespaces: [{type: 'nonsense'}]}],
    ['linux', {namespaces: [{type: 'pid'}, {type: 'pid'}]}],
    ['linux', {namespaces: [{type: 'network', path: '/etc/passwd'}]}],
    ['linux', {namespaces: [{type: 'network', path: '/nowhere'}]}],
    ['linux', {cgroupsPath: '/a\0b'}],
    ['linux', {cgroupsPath: 5}],
    ['linux', {sysctl: {'kernel.panic': '1'}}],
    ['linux', {sysctl: {'../../etc/x': '1'}}],
    ['linux', {maskedPaths: 'x'}],
    ['linux', {maskedPaths: ['/a\0b']}],
    ['linux', {devices: [{path: '/dev/x', type: 'z', major: 1, minor: 3}]}],
    ['linux', {devices: [{path: 'relative', type: 'c', major: 1, minor: 3}]}],
    ['linux', {resources: {pids: {limit: 'many'}}}],
    ['linux', {resources: {memory: {limit: 1.5}}}],
    ['linux', {uidMappings: [{containerID: 0, hostID: 0, size: 1}]}],
    ['linux', {seccomp: {defaultAction: 'SCMP_ACT_NONSENSE'}}],
    ['linux', {rootfsPropagation: 'nonsense'}],
    ['hooks', []],
    ['hooks', {prestart: [{path: 'relative'}]}],
    ['hooks', {prestart: [{path: '/nowhere'}]}],
    ['ociVersion', 'x'],
    ['ociVersion', '99.0.0'],
    ['ociVersion', 5],
  ])('for its %s of %j', async (field, value) => {
    at.room.write(command, {[field]: value});
    await expectRefused(at.room);
  });

  test('that has no process, or one without a command', async () => {
    const whole = config(command, at.room.path);
    const {process: _process, ...without} = whole;
    writeFileSync(join(at.room.bundle, 'config.json'), JSON.stringify(without));
    await expectRefused(at.room);
  });
});

describe('a config.json', () => {
  const at = useRoom();

  test('changes no object of ours by __proto__', async () => {
    at.room.write('exit 7');
    const whole = JSON.stringify(config('exit 7', at.room.path));
    const evil =
      '"__proto__":{"gate":true,"root":{"path":"/"},"detach":true,"hostname":"evil"},"constructor":{"prototype":{"path":"/"}},';
    writeFileSync(join(at.room.bundle, 'config.json'), whole.replace('{', `{${evil}`));
    const {status} = await at.room.oci(['run', '--bundle', at.room.bundle, at.room.id]);
    expect(status).toBe(7);
  });

  test('that is a fifo or a device is not waited for', async () => {
    for (const make of ['mkfifo', 'ln -s /dev/zero']) {
      const {result} = at.room.launch('sh', [
        '-c',
        `rm -f "$0"; ${make} "$0"`,
        join(at.room.bundle, 'config.json'),
      ]);
      expect(await result).toMatchObject({status: 0});
      await expectRefused(at.room);
    }
  });
});

describe('a container id is refused', () => {
  const at = useRoom();

  test.each([
    ...[
      '',
      '.',
      '..',
      '../x',
      'a/b',
      '/etc',
      'a b',
      'a\nb',
      '\u001b[2J',
      'ü',
      '*',
      '-x',
      'x'.repeat(300),
    ],
  ])('when it is %j', async (id) => {
    at.room.write(command);
    for (const verb of ['state', 'start', 'kill', 'delete']) {
      const {status, stdout, stderr} = await at.room.oci([verb, id]);
      expect([verb, status, stdout]).toEqual([verb, 1, '']);
      expect(stderr).toMatch(oneError);
    }
    await expectRefused(at.room, ['--', id]);
    const forced = await at.room.oci(['delete', '--force', '--', id]);
    expect(forced).toMatchObject({status: 1, stderr: expect.stringMatching(oneError)});
  });
});
