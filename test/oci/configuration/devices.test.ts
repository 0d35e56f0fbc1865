import {statSync} from 'node:fs';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {Bundle, withLinux} from './bundle.ts';

const char = (path: string, major: number, minor: number, more: object = {}) => ({
  path,
  type: 'c',
  major,
  minor,
  ...more,
});

describeRoot('what is in /dev unless said otherwise', () => {
  test('are the devices of the specification, which work', () => {
    using bundle = new Bundle(
      'cd /dev; stat -c "%n %F %t:%T %a" null zero full random urandom tty; echo x > null; dd if=zero bs=1 count=1 2>null | cat -v',
    );
    expect(bundle.output()).toBe(
      [
        ...['null character special file 1:3 666', 'zero character special file 1:5 666'],
        ...['full character special file 1:7 666', 'random character special file 1:8 666'],
        ...['urandom character special file 1:9 666', 'tty character special file 5:0 666', '^@'],
      ].join('\n'),
    );
  });

  test('are links to the own descriptors, and to the own terminals', () => {
    using bundle = new Bundle(
      'cd /dev; for l in fd stdin stdout stderr ptmx; do readlink $l; done',
    );
    expect(bundle.output().trim().split('\n')).toEqual([
      '/proc/self/fd',
      '/proc/self/fd/0',
      '/proc/self/fd/1',
      '/proc/self/fd/2',
      'pts/ptmx',
    ]);
  });

  test('is nothing of what the host has besides', () => {
    using bundle = new Bundle('ls /dev');
    const allowed =
      'console core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero';
    const found = bundle.output().trim().split('\n');
    expect(found.filter((name) => !allowed.split(' ').includes(name))).toEqual([]);
  });
});

describeRoot('a device that is given', () => {
  test('has the mode and the owner that are given, below directories that are made', () => {
    const devices = [char('/dev/some/where/full', 1, 7, {fileMode: 0o640, uid: 5, gid: 6})];
    using bundle = new Bundle(
      'stat -c "%F %t:%T %a %u:%g" /dev/some/where/full',
      withLinux({devices}),
    );
    expect(bundle.output()).toBe('character special file 1:7 640 5:6\n');
  });

  test('may be a fifo, and is then no device', () => {
    const devices = [{path: '/dev/pipe', type: 'p', fileMode: 0o600}];
    using bundle = new Bundle('stat -c "%F %a" /dev/pipe', withLinux({devices}));
    expect(bundle.output()).toBe('fifo 600\n');
  });

  test('may be one that is there anyway', () => {
    const devices = [char('/dev/tty', 5, 0), char('/dev/null', 1, 3), char('/dev/ptmx', 5, 2)];
    using bundle = new Bundle(
      'echo gone > /dev/null; stat -c %t:%T /dev/tty',
      withLinux({devices}),
    );
    expect(bundle.output()).toBe('5:0\n');
  });

  test('leaves the null device of the host to its owner', () => {
    const before = statSync('/dev/null');
    const devices = [char('/dev/null', 1, 3, {uid: 7, gid: 7, fileMode: 0o600})];
    using bundle = new Bundle('true', withLinux({devices}));
    bundle.run();
    const {uid, gid, mode} = statSync('/dev/null');
    expect([uid, gid, mode]).toEqual([before.uid, before.gid, before.mode]);
  });

  test('is refused where its type is none', () => {
    using bundle = new Bundle('true', withLinux({devices: [{...char('/dev/x', 1, 3), type: 'x'}]}));
    expect(bundle.run().status).toBe(1);
  });
});

describeRoot('rules for devices', () => {
  test('of which the last that fits holds', () => {
    const resources = {
      devices: [
        {allow: false, access: 'rwm'},
        {allow: true, type: 'c', major: 1, minor: 7, access: 'rw'},
        {allow: false, type: 'c', major: 1, minor: 7, access: 'w'},
      ],
    };
    using bundle = new Bundle(
      'dd if=/dev/full bs=1 count=1 2>/dev/null | cat -v; echo x 2>/dev/null >/dev/full || echo denied',
      withLinux({resources}),
    );
    expect(bundle.output()).toBe('^@denied\n');
  });
});
