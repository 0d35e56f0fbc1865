import {accessSync, constants, existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {basename, join} from 'node:path';
import {findNsexec} from '@minicontainer/nsexec';
import type {CgroupLayout, HostFacts} from '@minicontainer/plan';
import type {Spec} from '@minicontainer/spec';
import {findDevices} from './devices.ts';
import {deniesGroups, isNested} from './ids/nesting.ts';
import {ownMachine} from './system-calls.ts';

const cgroupRoot = '/sys/fs/cgroup';
/** What is no controller among the options of a cgroup mount. */
const generalOptions =
  /^(rw|ro|seclabel|xattr|noprefix|clone_children|cpuset_v2_mode|nsdelegate|release_agent=.*)$/;

/**
 * What a plan depends on, read from the running kernel; `spec` tells whose sources to look at. All of it is
 * files: what takes a system call of ours (`landlockVersion`) adds who needs it.
 */
export function readHostFacts(spec: Spec): HostFacts {
  const machine = ownMachine();
  return {
    ...(machine === undefined ? {} : {machine}),
    ...readNesting(),
    ...readProgramOwner(),
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    capabilities: readBoundingSet(),
    cgroup: readCgroupLayout(readFileSync('/proc/self/mountinfo', 'utf8')),
    sources: readSources(spec),
    ownNamespaces: readOwnNamespaces(spec),
    ...(spec.linux?.devices?.length && {devices: findDevices(spec.linux.devices)}),
    ...(spec.linux?.intelRdt && readResctrlClasses()),
    ...(mentionsLabels(spec) && {lsm: readSecurityModules()}),
    openFiles: readOpenFiles(),
    mappers: findMappers(),
  };
}

/** Of a caller who is root, but perhaps of a user namespace. */
function readNesting(): Pick<HostFacts, 'nested' | 'groupsDenied'> {
  if (process.geteuid?.() !== 0 || !isNested()) return {};
  return {nested: true, groupsDenied: deniesGroups()};
}

function readProgramOwner(): Pick<HostFacts, 'programOwner'> {
  try {
    return {programOwner: statSync(findNsexec()).uid};
  } catch {
    // Its absence is told where it is needed.
    return {};
  }
}

function readBoundingSet(): bigint {
  const found = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return BigInt(`0x${found?.[1] ?? '0'}`);
}

/**
 * How the host has cgroups mounted.
 *
 * @param mountinfo contents of /proc/self/mountinfo
 * @see proc_pid_mountinfo(5), cgroups(7)
 */
export function readCgroupLayout(mountinfo: string): CgroupLayout {
  const mounts = parseCgroupMounts(mountinfo);
  if (mounts.some(({type, path}) => type === 'cgroup2' && path === cgroupRoot)) return {version: 2};
  const hierarchies = mounts
    .filter(({path}) => path.startsWith(`${cgroupRoot}/`))
    .map(({path, options}) => ({options, directory: basename(path)}));
  return hierarchies.length > 0 ? {version: 1, hierarchies} : {version: 0};
}

/** Those that can be reached: what is mounted later covers what is there and below. */
function parseCgroupMounts(mountinfo: string): {type: string; path: string; options: string}[] {
  let mounts: {type: string; path: string; options: string}[] = [];
  for (const line of mountinfo.split('\n')) {
    const [mount, superblock] = line.split(' - ');
    const path = mount?.split(' ')[4];
    const [type, , options] = superblock?.split(' ') ?? [];
    if (path === undefined || type === undefined) continue;
    mounts = mounts.filter((one) => !`${one.path}/`.startsWith(`${path}/`));
    if (type !== 'cgroup' && type !== 'cgroup2') continue;
    const named = (options ?? '').split(',').filter((option) => !generalOptions.test(option));
    mounts.push({type, path, options: type === 'cgroup2' ? '' : named.join(',')});
  }
  return mounts;
}

function readSources(spec: Spec): Record<string, 'directory' | 'file'> {
  const kinds: Record<string, 'directory' | 'file'> = {};
  for (const {source} of spec.mounts ?? []) {
    if (!source?.startsWith('/')) continue;
    const found = statSync(source, {throwIfNoEntry: false});
    if (found !== undefined) kinds[source] = found.isDirectory() ? 'directory' : 'file';
  }
  return kinds;
}

function readOwnNamespaces(spec: Spec): string[] {
  const kinds: Readonly<Record<string, string>> = {network: 'net', mount: 'mnt'};
  return (spec.linux?.namespaces ?? []).flatMap(({type, path}) => {
    if (path === undefined) return [];
    return isSameFile(path, `/proc/self/ns/${kinds[type] ?? type}`) ? [path] : [];
  });
}

/** What cannot be looked at is not ours; whoever opens it will hear why. */
function isSameFile(path: string, other: string): boolean {
  try {
    const [found, own] = [statSync(path), statSync(other)];
    return found.ino === own.ino && found.dev === own.dev;
  } catch {
    return false;
  }
}

function readResctrlClasses(): Pick<HostFacts, 'resctrlClasses'> {
  const place = '/sys/fs/resctrl';
  if (!existsSync(`${place}/schemata`)) return {};
  const reserved = ['info', 'mon_groups', 'mon_data'];
  const found = readdirSync(place, {withFileTypes: true})
    .filter((entry) => entry.isDirectory() && !reserved.includes(entry.name))
    .map(({name}) => name);
  return {resctrlClasses: found};
}

function mentionsLabels({process: asked, linux}: Spec): boolean {
  return Boolean(asked?.apparmorProfile || asked?.selinuxLabel || linux?.mountLabel);
}

function readSecurityModules(): {apparmor: boolean; selinux: boolean} {
  const enabled = '/sys/module/apparmor/parameters/enabled';
  return {
    apparmor: existsSync(enabled) && readFileSync(enabled, 'utf8').startsWith('Y'),
    selinux: existsSync('/sys/fs/selinux/enforce'),
  };
}

/** Node raises its own soft limit when it starts; whoever started Node still has the one to hand on. */
function readOpenFiles(): {soft: number; hard: number} {
  for (const limits of [`/proc/${process.ppid}/limits`, '/proc/self/limits']) {
    try {
      const found = /^Max open files\s+(\d+)\s+(\d+)/m.exec(readFileSync(limits, 'utf8'));
      const own = /^Max open files\s+(\d+)\s+(\d+)/m.exec(
        readFileSync('/proc/self/limits', 'utf8'),
      );
      const hard = Math.min(Number(found?.[2]), Number(own?.[2]));
      if (Number.isInteger(hard)) return {soft: Math.min(Number(found?.[1]), hard), hard};
    } catch {
      // Another user's parent, under a restricted /proc.
    }
  }
  return {soft: 1024, hard: 1024};
}

function findMappers(): HostFacts['mappers'] {
  const uid = findProgram('newuidmap');
  const gid = findProgram('newgidmap');
  return {...(uid === undefined ? {} : {uid}), ...(gid === undefined ? {} : {gid})};
}

/** Where a program of the host's is, in PATH and where administrators' programs are. */
export function findProgram(name: string): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/usr/sbin', '/bin'];
  return directories
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    // First without an exception: most directories of PATH do not have it.
    if (!statSync(path, {throwIfNoEntry: false})?.isFile()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Side channels of the processor, one directory for each (GHSA-6fw5-f8r9-fgfm). */
export function thermalPaths(): string[] {
  const directory = '/sys/devices/system/cpu';
  if (!existsSync(`${directory}/cpu0/thermal_throttle`)) return [];
  return readdirSync(directory)
    .filter((name) => /^cpu\d+$/.test(name))
    .map((name) => `${directory}/${name}/thermal_throttle`);
}
