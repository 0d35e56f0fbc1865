import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect} from 'vitest';
import {nsexecPath} from '../../e2e/harness/run.ts';

// For every attack: what an attacker would change of the host first is as it was. Mounts, processes and
// files are looked for by test/e2e/harness/setup.ts.

/** Files that decide who may do what. */
const accounts = [
  'passwd',
  'group',
  'shadow',
  'gshadow',
  'sudoers',
  'subuid',
  'subgid',
  'ld.so.preload',
];

/** Settings of the kernel that execute something, or open the host. */
const settings = [
  '/proc/sys/kernel/core_pattern',
  '/proc/sys/kernel/modprobe',
  '/proc/sys/kernel/hostname',
  '/proc/sys/kernel/domainname',
  '/proc/sys/kernel/sysrq',
  '/proc/sys/net/ipv4/ip_forward',
  '/proc/sys/vm/swappiness',
  '/sys/kernel/uevent_helper',
  ...readdirSync('/sys/fs/cgroup').map((name) => join('/sys/fs/cgroup', name, 'release_agent')),
];

let before: Record<string, string>;

beforeEach(() => {
  before = lookAtHost();
});

afterEach(() => {
  expect(lookAtHost(), 'changed on the host').toEqual(before);
});

function lookAtHost(): Record<string, string> {
  const files = [nsexecPath(), process.execPath, ...accounts.map((name) => join('/etc', name))];
  return Object.fromEntries([
    ...files.map((path) => [
      path,
      `${describe(path)} ${path.startsWith('/etc') ? digest(path) : ''}`,
    ]),
    ...settings.map((path) => [path, digest(path)]),
  ]);
}

/** The time of change (ctime) cannot be set back. */
function describe(path: string): string {
  const stat = statSync(path, {bigint: true, throwIfNoEntry: false});
  if (stat === undefined) return 'is not there';
  const {ino, mode, uid, gid, nlink, size, mtimeNs, ctimeNs} = stat;
  return [ino, mode, uid, gid, nlink, size, mtimeNs, ctimeNs].join(' ');
}

function digest(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return 'cannot be read';
  }
}
