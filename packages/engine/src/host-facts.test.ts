import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {findProgram, readCgroupLayout, readHostFacts, thermalPaths} from './host-facts.ts';

const others = [
  '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro',
  '23 22 0:21 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw',
  '24 22 0:5 / /with\\040space rw - tmpfs a - b rw',
];

function layoutOf(...mounts: string[]) {
  return readCgroupLayout([...others, ...mounts, ''].join('\n'));
}

describe('cgroups are', () => {
  test('version 2, as systemd mounts them', () => {
    expect(
      layoutOf(
        '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot',
      ),
    ).toEqual({version: 2});
  });

  test('version 1, as systemd mounts them', () => {
    expect(
      layoutOf(
        '30 23 0:25 / /sys/fs/cgroup ro,nosuid shared:8 - tmpfs tmpfs ro,mode=755',
        '31 30 0:26 / /sys/fs/cgroup/systemd rw shared:9 - cgroup cgroup rw,xattr,release_agent=/lib/systemd/systemd-cgroups-agent,name=systemd',
        '32 30 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct',
        '33 30 0:31 / /sys/fs/cgroup/cpuset rw shared:11 - cgroup cgroup rw,cpuset,clone_children,cpuset_v2_mode',
        '34 30 0:32 / /sys/fs/cgroup/memory rw shared:12 - cgroup cgroup rw,seclabel,memory',
      ),
    ).toEqual({
      version: 1,
      hierarchies: [
        {options: 'name=systemd', directory: 'systemd'},
        {options: 'cpu,cpuacct', directory: 'cpu,cpuacct'},
        {options: 'cpuset', directory: 'cpuset'},
        {options: 'memory', directory: 'memory'},
      ],
    });
  });

  test('both, on a hybrid host', () => {
    expect(
      layoutOf(
        '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
        '38 31 0:35 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio',
        '40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd',
        '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate',
      ),
    ).toEqual({
      version: 1,
      hierarchies: [
        {options: 'blkio', directory: 'blkio'},
        {options: 'name=systemd', directory: 'systemd'},
        {options: '', directory: 'unified'},
      ],
    });
  });

  test.each<[string, string[]]>([
    ['nowhere', []],
    ['elsewhere', ['30 23 0:26 / /mnt/cgroup rw - cgroup2 cgroup2 rw']],
    ['an empty directory', ['30 23 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw']],
    ['only named like one', ['30 23 0:26 / /sys/fs/cgroup2 rw - cgroup2 cgroup2 rw']],
  ])('none, where they are mounted %s', (_, mounts) => {
    expect(layoutOf(...mounts)).toEqual({version: 0});
  });

  test('none, where the text makes no sense', () => {
    for (const text of ['', '\n\n', 'x', ' - ', ' - cgroup2', '1 2 3 4 - cgroup cgroup']) {
      expect(readCgroupLayout(text)).toEqual({version: 0});
    }
  });
});

test('cgroups that another mount covers are none', () => {
  expect(
    layoutOf(
      '31 23 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup rw',
      '32 23 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu',
      '33 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755',
      '34 33 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu',
    ),
  ).toEqual({version: 1, hierarchies: [{options: 'cpu', directory: 'cpu'}]});
});

describe('a program of the host', () => {
  let place = '';
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'minicontainer-path-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(place, {recursive: true});
  });

  test('is found in PATH, where it can be executed', () => {
    for (const [directory, mode] of [
      ['first', 0o644],
      ['second', 0o755],
    ] as const) {
      mkdirSync(join(place, directory));
      writeFileSync(join(place, directory, 'mine'), '');
      chmodSync(join(place, directory, 'mine'), mode);
    }
    vi.stubEnv('PATH', `${place}/first:relative::${place}/second`);
    expect(findProgram('mine')).toBe(`${place}/second/mine`);
  });

  test('is no directory, and nothing that PATH names by a relative path', () => {
    mkdirSync(join(place, 'mine'));
    vi.stubEnv('PATH', `${place}:.`);
    expect(findProgram('mine')).toBeUndefined();
  });

  test('is found in the usual places too, whatever PATH says', () => {
    vi.stubEnv('PATH', '');
    expect(findProgram('env')).toBe('/usr/bin/env');
  });
});

describe('the facts of this host', () => {
  test('tell directories from files, for the sources of mounts alone', () => {
    const facts = readHostFacts({
      ociVersion: '1.2.0',
      root: {path: '/'},
      mounts: [
        {destination: '/a', source: '/usr'},
        {destination: '/b', source: '/etc/passwd'},
        {destination: '/c', source: '/dev/null'},
        {destination: '/d', source: '/not/there'},
        {destination: '/e', source: 'proc', type: 'proc'},
      ],
    });
    expect(facts.sources).toEqual({
      '/usr': 'directory',
      '/etc/passwd': 'file',
      '/dev/null': 'file',
    });
  });

  test('have limits and ids that a container can be given', () => {
    const {openFiles, uid, gid} = readHostFacts({ociVersion: '1.2.0', root: {path: '/'}});
    expect(openFiles.soft).toBeGreaterThan(0);
    expect(openFiles.soft).toBeLessThanOrEqual(openFiles.hard);
    expect([uid, gid]).toEqual([process.geteuid?.(), process.getegid?.()]);
  });

  test('name side channels of the processor by absolute paths', () => {
    for (const path of thermalPaths()) expect(path).toMatch(/^\/sys\/.*\/thermal_throttle$/);
  });
});
