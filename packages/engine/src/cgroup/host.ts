import {accessSync, constants, existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {
  type CgroupHost,
  cgroupTop,
  type InheritedCpuset,
  type SystemdManager,
} from '@minicontainer/cgroups';
import type {CgroupLayout} from '@minicontainer/plan';
import {findProgram} from '../host-facts.ts';

/**
 * What decides where a container's cgroup can be, read from the running host.
 *
 * @param parent the cgroup it is asked to lie in
 * @param delegated whether a level below a top that is not writable may be had too
 */
export function readCgroupHost(
  layout: CgroupLayout,
  uid: number,
  parent: string | undefined,
  delegated = false,
): CgroupHost {
  if (layout.version === 2) {
    const systemd = findSystemd(uid);
    const writable = isWritable(cgroupTop);
    const from = delegated && !writable ? highestWritable(parent ?? '') : undefined;
    return {
      layout,
      writable,
      // Only a true root has no type.
      occupied: existsSync(`${cgroupTop}/cgroup.type`) && read(`${cgroupTop}/cgroup.procs`) !== '',
      controllers: readControllers(join(cgroupTop, from ?? '')),
      ...(from === undefined ? {} : {writableFrom: from}),
      ...(systemd === undefined ? {} : {systemd}),
    };
  }
  if (layout.version === 0) return {layout, writable: false, occupied: false, controllers: []};
  const tops = layout.hierarchies.map(({directory}) => join(cgroupTop, directory));
  const cpuset = layout.hierarchies.find(({options}) => options.split(',').includes('cpuset'));
  return {
    layout,
    writable: tops.every(isWritable),
    occupied: false,
    controllers: [],
    ...(cpuset === undefined
      ? {}
      : {cpuset: readCpuset(join(cgroupTop, cpuset.directory), parent ?? '')}),
  };
}

/** Of the levels that are there, without a leading slash. */
function highestWritable(parent: string): string | undefined {
  const parts = parent.split('/').filter((part) => part !== '');
  const levels = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return levels.find(
    (level) =>
      isWritable(join(cgroupTop, level)) && isWritable(join(cgroupTop, level, 'cgroup.procs')),
  );
}

/** What a scope can be given; of the others systemd knows nothing. @see systemd.resource-control(5) */
const systemds = new Set(['cpu', 'cpuset', 'io', 'memory', 'pids']);

/** What the lowest level has that is there already. */
function readCpuset(top: string, parent: string): InheritedCpuset {
  let level = join('/', parent);
  while (level !== '/' && !existsSync(join(top, level))) level = dirname(level);
  const directory = join(top, level);
  return {
    level: level.slice(1),
    cpus: read(join(directory, 'cpuset.cpus')),
    mems: read(join(directory, 'cpuset.mems')),
  };
}

/**
 * Where systemd runs, the tree of cgroups is its own (sd_booted(3)). A plain user's is asked over the
 * session bus, which a login makes (pam_systemd(8)).
 */
function findSystemd(uid: number): SystemdManager | undefined {
  const busctl = existsSync('/run/systemd/system') ? findProgram('busctl') : undefined;
  if (busctl === undefined) return undefined;
  if (uid === 0) {
    const socket = '/run/dbus/system_bus_socket';
    if (!existsSync(socket)) return undefined;
    const address = `unix:path=${socket}`;
    const controllers = readControllers(cgroupTop).filter((name) => systemds.has(name));
    return {kind: 'system', busctl, address, cgroup: '/', controllers};
  }
  const address = sessionBus(uid);
  const cgroup = `/user.slice/user-${uid}.slice/user@${uid}.service`;
  if (address === undefined || !existsSync(join(cgroupTop, cgroup))) return undefined;
  const controllers = readControllers(join(cgroupTop, cgroup));
  return {kind: 'user', busctl, address, cgroup, controllers};
}

function sessionBus(uid: number): string | undefined {
  const {DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: directory} = process.env;
  if (address?.startsWith('unix:')) return address;
  const socket = join(directory?.startsWith('/') ? directory : `/run/user/${uid}`, 'bus');
  return existsSync(socket) ? `unix:path=${socket}` : undefined;
}

function readControllers(directory: string): readonly string[] {
  return read(join(directory, 'cgroup.controllers')).split(' ').filter(Boolean);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
