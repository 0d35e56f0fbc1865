import {expect, test} from 'vitest';
import {externalMounts, parseMounts} from './external.ts';

const mountinfo = `63 59 8:1 /b/rootfs / rw,relatime - ext4 /dev/sda rw
65 63 0:33 / /proc rw,relatime - proc proc rw
66 65 0:33 /sys /proc/sys ro,relatime - proc proc rw
67 65 0:24 /empty /proc/acpi ro,nosuid - tmpfs run rw,mode=755
68 65 0:5 /null /proc/kcore rw - devtmpfs dev rw
69 63 0:40 / /dev rw,nosuid - tmpfs tmpfs rw
70 69 0:5 /null /dev/null rw - devtmpfs dev rw
71 63 8:1 /data /data\\040of\\040mine rw - ext4 /dev/sda rw
72 63 0:28 /../c1 /sys/fs/cgroup ro - cgroup2 cgroup rw
`;

test('what the host has is external, what the container made or shows in part is not', () => {
  expect(externalMounts(parseMounts(mountinfo))).toEqual([
    '/proc/acpi',
    '/proc/kcore',
    '/dev/null',
    '/data of mine',
  ]);
});

test('a line that is none is passed over', () => {
  expect(parseMounts('\nnonsense\n')).toEqual([]);
});
