import {describe, expect, test} from 'vitest';
import {judgeIdmapped, judgeStateDirectory} from './files.ts';
import {judgeVisibility} from './visibility.ts';

describe('mounts are idmapped', () => {
  test.each([
    ['ext4', [5, 12], true],
    ['btrfs', [5, 14], 'warn'],
    ['btrfs', [5, 15], true],
    ['tmpfs', [6, 1], 'warn'],
    ['tmpfs', [6, 3], true],
    ['nfs', [6, 18], 'warn'],
    [undefined, [6, 18], 'warn'],
  ] as const)('of %s, Linux %j: %s', (type, kernel, ok) => {
    const check = judgeIdmapped('it', type, kernel);
    expect(check.ok).toBe(ok);
    expect(check.fix === undefined).toBe(ok === true);
  });
});

describe('a state directory', () => {
  test.each([
    ['ext4', [6, 1], true],
    ['overlay', [6, 1], 'warn'],
    ['fuse.sshfs', [6, 1], 'warn'],
    [undefined, [6, 1], 'warn'],
    ['overlay', [6, 6], true],
  ] as const)('on %s, Linux %j: %s', (type, kernel, ok) => {
    expect(judgeStateDirectory('/var/lib/minicontainer', type, kernel).ok).toBe(ok);
  });
});

describe('a new /proc', () => {
  const root = '27 1 254:0 / / rw - ext4 /dev/vda rw';
  const proc = '22 27 0:21 / /proc rw,relatime - proc proc rw';

  test.each([
    ['nothing covers the one that is there', [proc], true],
    [
      'only binfmt_misc is on it',
      [proc, '40 22 0:40 / /proc/sys/fs/binfmt_misc rw - autofs x rw'],
      true,
    ],
    ['a file of it is masked', [proc, '41 22 0:5 /null /proc/kcore rw - tmpfs tmpfs rw'], false],
    ['a part of it is read-only', [proc, '42 22 0:21 /sys /proc/sys ro - proc proc rw'], false],
    ['it is read-only', ['22 27 0:21 / /proc ro,relatime - proc proc rw'], false],
    ['there is none', [], false],
    ['only a part is mounted', ['22 27 0:21 /sys /proc/sys rw - proc proc rw'], false],
    [
      'another one is whole',
      [proc, '41 22 0:5 /null /proc/kcore rw - tmpfs t rw', '43 27 0:43 / /mnt rw - proc proc rw'],
      true,
    ],
  ])('where %s', (_, lines, ok) => {
    const check = judgeVisibility('proc', [root, ...lines].join('\n'));
    expect(check.ok).toBe(ok);
    expect(check.fix === undefined).toBe(ok);
  });

  test('says what covers it', () => {
    const masked = '41 22 0:5 /null /proc/kcore rw - tmpfs tmpfs rw';
    expect(judgeVisibility('proc', [root, proc, masked].join('\n')).found).toMatch(
      /^EPERM in a user namespace, as \/proc\/kcore is covered$/,
    );
  });
});

test('a new /sys is not kept away by what is always mounted on it', () => {
  const lines = [
    '23 27 0:22 / /sys rw - sysfs sysfs rw',
    '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
    '32 23 0:7 / /sys/kernel/security rw - securityfs securityfs rw',
  ];
  expect(judgeVisibility('sysfs', lines.join('\n')).ok).toBe(true);
  // The /sys of a container is read-only as well.
  const readOnly = '23 27 0:22 / /sys ro - sysfs sysfs rw';
  expect(judgeVisibility('sysfs', readOnly).ok).toBe(true);
  const masked = '33 23 0:30 / /sys/firmware ro - tmpfs tmpfs ro';
  expect(judgeVisibility('sysfs', [...lines, masked].join('\n')).ok).toBe('warn');
});
