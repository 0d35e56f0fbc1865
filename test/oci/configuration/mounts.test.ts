import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import type {Mount, Spec} from '@minicontainer/spec';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {Bundle} from './bundle.ts';

/** Mounts after those of the plain configuration. */
function mounting(...mounts: readonly Mount[]): (spec: Spec) => Spec {
  return (spec) => ({...spec, mounts: [...(spec.mounts ?? []), ...mounts]});
}

const bind = (source: string, destination: string, ...options: readonly string[]): Mount => ({
  type: 'bind',
  source,
  destination,
  options: ['rbind', ...options],
});
const tmpfs = (destination: string, ...options: readonly string[]): Mount => ({
  type: 'tmpfs',
  source: 'tmpfs',
  destination,
  options,
});

/** The options of the last mount in a place, as a container told them in its mountinfo. */
function optionsOf(mountinfo: string, place: string): readonly string[] {
  const line = mountinfo.split('\n').findLast((one) => one.split(' ')[4] === place);
  return line?.split(' ')[5]?.split(',') ?? [];
}

describeRoot('the place of a mount', () => {
  test('is made where it is missing, a directory for one and a file for a file', () => {
    using bundle = new Bundle(
      'stat -c %F /new/dir /new/file; cat /new/file',
      mounting(bind('dir', '/new/dir'), bind('file', '/new/file')),
    );
    mkdirSync(join(bundle.path, 'dir'));
    writeFileSync(join(bundle.path, 'file'), 'of the bundle\n');
    expect(bundle.output()).toBe('directory\nregular file\nof the bundle\n');
  });

  test('may be a file for a fifo and for a socket', async () => {
    using bundle = new Bundle(
      'stat -c %F /fifo /socket',
      mounting(bind('fifo', '/fifo'), bind('socket', '/socket')),
    );
    expect(spawnSync('mkfifo', [join(bundle.path, 'fifo')]).status).toBe(0);
    const server = createServer().listen(join(bundle.path, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      expect(bundle.output()).toBe('fifo\nsocket\n');
    } finally {
      server.close();
    }
  });

  test('is found through the links of the container, and never outside of it', () => {
    using bundle = new Bundle('cat /real/mark', mounting(bind('dir', '/link/sub/../..')));
    mkdirSync(join(bundle.path, 'dir'));
    mkdirSync(bundle.inRootfs('real'));
    symlinkSync('/real', bundle.inRootfs('link'));
    writeFileSync(bundle.inRootfs('real/mark'), 'untouched\n');
    bundle.run();
    expect(readFileSync(bundle.inRootfs('real/mark'), 'utf8')).toBe('untouched\n');
  });

  test('may be an absolute link, which leads to a place in the container', () => {
    using bundle = new Bundle('touch /link/written; ls /real', mounting(tmpfs('/link')));
    mkdirSync(bundle.inRootfs('real'));
    symlinkSync('/real', bundle.inRootfs('link'));
    expect(bundle.output()).toBe('written\n');
    expect(existsSync(bundle.inRootfs('real/written'))).toBe(false);
  });

  test('may be behind a link that leads nowhere yet: it is made there, in the container', () => {
    using bundle = new Bundle('ls /made/here', mounting(bind('dir', '/dangling/here')));
    mkdirSync(join(bundle.path, 'dir'));
    writeFileSync(join(bundle.path, 'dir/seen'), '');
    symlinkSync('/made', bundle.inRootfs('dangling'));
    expect(bundle.output()).toBe('seen\n');
    expect(existsSync('/made')).toBe(false);
  });

  test('is not followed out of the root file system by a link for /proc', () => {
    using bundle = new Bundle('true');
    spawnSync('rmdir', [bundle.inRootfs('proc')]);
    symlinkSync('/tmp', bundle.inRootfs('proc'));
    const {status, stderr} = bundle.run();
    expect(status).toBe(1);
    expect(stderr).toMatch(/proc/);
  });

  test('may have slashes twice and at its end', () => {
    using bundle = new Bundle('cat /proc/self/mountinfo', mounting(tmpfs('//twice//deep/')));
    expect(optionsOf(bundle.output(), '/twice/deep')).toContain('rw');
  });
});

describeRoot('mounts are made in their order', () => {
  test('so that a later one lies in and on an earlier one', () => {
    using bundle = new Bundle(
      'ls /a /a/b',
      mounting(tmpfs('/a'), bind('dir', '/a/b'), tmpfs('/hidden'), bind('dir', '/hidden')),
    );
    mkdirSync(join(bundle.path, 'dir'));
    writeFileSync(join(bundle.path, 'dir/seen'), '');
    expect(bundle.output()).toBe('/a:\nb\n\n/a/b:\nseen\n');
  });

  test('so that an earlier one is covered by a later one above it', () => {
    using bundle = new Bundle('ls /a', mounting(tmpfs('/a/b'), tmpfs('/a')));
    expect(bundle.output()).toBe('');
  });

  test('a container may have none at all', () => {
    using bundle = new Bundle('ls / | grep proc; ls /proc', (spec) => ({
      ...spec,
      mounts: [],
      linux: {...spec.linux, maskedPaths: [], readonlyPaths: []},
    }));
    expect(bundle.output()).toBe('proc\n');
  });
});

describeRoot('a tmpfs', () => {
  test('has what lay in its place with tmpcopyup, links and modes with it', () => {
    using bundle = new Bundle(
      'cat /data/file; readlink /data/link; stat -c %a /data/dir; touch /data/new',
      mounting(tmpfs('/data', 'tmpcopyup')),
    );
    mkdirSync(bundle.inRootfs('data/dir'), {recursive: true});
    chmodSync(bundle.inRootfs('data/dir'), 0o751);
    writeFileSync(bundle.inRootfs('data/file'), 'copied\n');
    symlinkSync('/nowhere', bundle.inRootfs('data/link'));
    expect(bundle.output()).toBe('copied\n/nowhere\n751\n');
    expect(existsSync(bundle.inRootfs('data/new'))).toBe(false);
  });

  test('has the mode of the directory in its place', () => {
    using bundle = new Bundle('stat -c %a /data', mounting(tmpfs('/data')));
    mkdirSync(bundle.inRootfs('data'));
    chmodSync(bundle.inRootfs('data'), 0o711);
    expect(bundle.output()).toBe('711\n');
  });

  test('is for everybody where there was no directory, and as mode= says where that is given', () => {
    using bundle = new Bundle(
      'stat -c %a /new /given',
      mounting(tmpfs('/new'), tmpfs('/given', 'mode=0750')),
    );
    expect(bundle.output()).toBe('1777\n750\n');
  });

  test('that is read-only has the places of other mounts in it, and takes nothing more', () => {
    using bundle = new Bundle(
      'ls /data/below; touch /data/new 2>/dev/null || echo refused',
      mounting(tmpfs('/data', 'ro'), bind('dir', '/data/below')),
    );
    mkdirSync(join(bundle.path, 'dir'));
    writeFileSync(join(bundle.path, 'dir/seen'), '');
    expect(bundle.output()).toBe('seen\nrefused\n');
  });

  test('for /dev that is read-only has the devices all the same', () => {
    using bundle = new Bundle(
      'echo x >/dev/null && echo written; touch /dev/new 2>/dev/null || echo refused',
      (spec) => ({
        ...spec,
        mounts: (spec.mounts ?? []).map((mount) =>
          mount.destination === '/dev'
            ? {...mount, options: [...(mount.options ?? []), 'ro']}
            : mount,
        ),
      }),
    );
    expect(bundle.output()).toBe('written\nrefused\n');
  });

  test('has the size that is given', () => {
    using bundle = new Bundle(
      'dd if=/dev/zero of=/data/big bs=1k count=200 2>/dev/null; stat -c %s /data/big',
      mounting(tmpfs('/data', 'size=64k')),
    );
    expect(bundle.output()).toBe(`${64 * 1024}\n`);
  });
});

describeRoot('the options of a mount', () => {
  test.each([
    [['ro'], ['ro'], ['rw']],
    [['nosuid', 'nodev', 'noexec'], ['nosuid', 'nodev', 'noexec'], []],
    [['nosuid', 'nodev', 'noexec', 'suid', 'dev', 'exec'], [], ['nosuid', 'nodev', 'noexec']],
    [['noatime'], ['noatime'], ['relatime']],
    [['nodiratime', 'relatime'], ['nodiratime', 'relatime'], []],
    [['strictatime'], [], ['relatime', 'noatime']],
    [['nosymfollow'], ['nosymfollow'], []],
  ])('%j hold', (options, present, absent) => {
    using bundle = new Bundle('cat /proc/self/mountinfo', mounting(tmpfs('/some', ...options)));
    const found = optionsOf(bundle.output(), '/some');
    expect(found).toEqual(expect.arrayContaining(present));
    expect(absent.filter((option) => found.includes(option))).toEqual([]);
  });

  test('that no file system and no kernel has are refused by name', () => {
    using bundle = new Bundle('true', mounting(tmpfs('/some', 'unheardof')));
    const {status, stderr} = bundle.run();
    expect(status).toBe(1);
    expect(stderr).toContain('unheardof');
  });

  test.each([
    ['ro', 'rw'],
    ['rro', 'ro'],
  ])('a bind with %s has a mount below it that is %s', (option, below) => {
    using bundle = new Bundle('cat /proc/self/mountinfo', mounting(bind('dir', '/tree', option)));
    mkdirSync(join(bundle.path, 'dir/below'), {recursive: true});
    const below_ = join(bundle.path, 'dir/below');
    expect(spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', below_]).status).toBe(0);
    try {
      const found = bundle.output();
      expect(optionsOf(found, '/tree')).toContain('ro');
      expect(optionsOf(found, '/tree/below')).toContain(below);
    } finally {
      spawnSync('umount', [below_]);
    }
  });
});

describeRoot('propagation', () => {
  test.each([
    ['private', false],
    ['slave', true],
    ['shared', true],
  ])('a mount that the host makes later is in a bind with r%s: %s', (kind, seen) => {
    using bundle = new Bundle(
      'while ! test -e /tmp/go; do sleep 0.02; done; grep -c " /tree/later " /proc/self/mountinfo; true',
      mounting(bind('dir', '/tree', `r${kind}`), bind('signal', '/tmp')),
    );
    const directory = join(bundle.path, 'dir');
    mkdirSync(join(directory, 'later'), {recursive: true});
    mkdirSync(join(bundle.path, 'signal'));
    const mount = (...words: readonly string[]) => spawnSync('mount', [...words]).status;
    expect(mount('--bind', directory, directory)).toBe(0);
    expect(mount('--make-shared', directory)).toBe(0);
    try {
      expect(bundle.create().status).toBe(0);
      expect(bundle.runtime('start', bundle.id).status).toBe(0);
      expect(mount('-t', 'tmpfs', 'tmpfs', join(directory, 'later'))).toBe(0);
      writeFileSync(join(bundle.path, 'signal/go'), '');
      expect(bundle.ended()).toBe(seen ? '1\n' : '0\n');
    } finally {
      spawnSync('umount', [join(directory, 'later')]);
      spawnSync('umount', ['-l', directory]);
    }
  });

  test('nothing that a container mounts reaches the host', () => {
    using bundle = new Bundle('true', mounting(tmpfs('/some')));
    const before = readFileSync('/proc/self/mountinfo', 'utf8');
    bundle.output();
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(before);
    expect(statSync(bundle.inRootfs('some')).isDirectory()).toBe(true);
    expect(lstatSync(bundle.inRootfs('dev')).isDirectory()).toBe(true);
  });
});
