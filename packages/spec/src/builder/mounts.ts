import {posix} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import type {Mount} from '../config/mounts.ts';
import {quote} from '../quote.ts';
import type {ContainerRequest} from './request.ts';

/**
 * The mounts of a container: the defaults, then those asked for, parents before children.
 *
 * @throws {MinicontainerError} `EMOUNT` when two asked for have one destination, or one has `/`
 */
export function buildMounts(request: ContainerRequest): Mount[] {
  const byPlace = new Map(defaultMounts(request).map((mount) => [mount.destination, mount]));
  const asked = new Set<string>();
  for (const mount of request.mounts ?? []) {
    const place = placeOf(mount);
    if (place === '/') {
      throw new MinicontainerError('EMOUNT', 'a mount cannot have the destination /', {
        hint: 'the root file system is chosen with an image or --rootfs',
      });
    }
    if (asked.has(place)) {
      throw new MinicontainerError('EMOUNT', `two mounts have the destination ${quote(place)}`);
    }
    asked.add(place);
    // A copy, because what is built is frozen.
    byPlace.set(place, {...structuredClone(mount), destination: place});
  }
  return parentsFirst(byPlace);
}

function defaultMounts(request: ContainerRequest): Mount[] {
  const {network, privileged, userNamespace, shmSizeBytes, procOptions = [], ipc} = request;
  const protection = privileged ? 'rw' : 'ro';
  return [
    mount('/proc', 'proc', 'proc', ['nosuid,noexec,nodev', ...procOptions].join(',')),
    mount('/dev', 'tmpfs', 'tmpfs', 'nosuid,strictatime,mode=755,size=65536k'),
    mount('/dev/pts', 'devpts', 'devpts', terminalOptions(userNamespace)),
    ...(ipc === undefined ? ipcMounts(shmSizeBytes) : []),
    network === 'host'
      ? hostSysfs(privileged === true)
      : mount('/sys', 'sysfs', 'sysfs', `nosuid,noexec,nodev,${protection}`),
    mount('/sys/fs/cgroup', 'cgroup', 'cgroup', `${protection},nosuid,noexec,nodev,relatime`),
  ];
}

function ipcMounts(shmSizeBytes: number | undefined): Mount[] {
  const size = `size=${shmSizeBytes ?? '65536k'}`;
  return [
    mount('/dev/shm', 'tmpfs', 'shm', `nosuid,noexec,nodev,mode=1777,${size}`),
    mount('/dev/mqueue', 'mqueue', 'mqueue', 'nosuid,noexec,nodev'),
  ];
}

/** In a user namespace the kernel refuses a new sysfs of a network that belongs to another one. */
function hostSysfs(writable: boolean): Mount {
  // `rro`, not `ro`: what the host has mounted beneath must not stay writable.
  return mount('/sys', 'none', '/sys', `rbind,nosuid,noexec,nodev,${writable ? 'rw' : 'rro'}`);
}

/** Terminals belong to group tty (5), unless the user namespace has no such group: EINVAL. */
function terminalOptions(userNamespace: ContainerRequest['userNamespace']): string {
  const options = 'nosuid,noexec,newinstance,ptmxmode=0666,mode=0620';
  const hasTty =
    userNamespace === undefined ||
    userNamespace.gidMappings.some(
      ({containerID, size}) => containerID <= 5 && 5 < containerID + size,
    );
  return hasTty ? `${options},gid=5` : options;
}

function mount(destination: string, type: string, source: string, options: string): Mount {
  return {destination, type, source, options: options.split(',')};
}

/** The destination as the kernel will see it: absolute, without `.`, `..` and double slashes. */
function placeOf({destination}: Mount): string {
  const path = posix.normalize(`/${destination}`);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Keeps the order but where a mount would be hidden by a later one above it. */
function parentsFirst(byPlace: ReadonlyMap<string, Mount>): Mount[] {
  const sorted = new Set<Mount>();
  for (const place of byPlace.keys()) {
    // The slash of `/a/b` at index 2 ends its parent `/a`; the last round is the place itself.
    for (let slash = place.indexOf('/', 1); slash !== -1; slash = place.indexOf('/', slash + 1)) {
      const parent = byPlace.get(place.slice(0, slash));
      if (parent) sorted.add(parent);
    }
    const own = byPlace.get(place);
    if (own) sorted.add(own);
  }
  return [...sorted];
}
