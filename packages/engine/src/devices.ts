import {accessSync, constants, readdirSync, statSync} from 'node:fs';
import {join, posix} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {deviceName} from '@minicontainer/plan';
import type {ContainerRequest, Device, DeviceRule} from '@minicontainer/spec';
import type {DeviceRequest, RunOptions} from './options.ts';

/** What is below /dev and is no device of the host's: file systems of their own, and the terminal. */
const notOffered = new Set([
  'pts',
  'ptmx',
  'shm',
  'fd',
  'mqueue',
  'hugepages',
  'console',
  '.udev',
  '.lxc',
]);
const deepest = 8;

/**
 * The devices that options give a container, and what it may do to them.
 *
 * @throws {MinicontainerError} `EDEVICE` for what is not there, or is no device
 */
export function deviceRequest(options: RunOptions, uid: number): Partial<ContainerRequest> {
  const asked = (options.devices ?? []).flatMap((request) => readRequest(request, uid));
  const all = options.privileged ? offered(uid) : [];
  const byPath = new Map([...all, ...asked].map((device) => [device.path, device]));
  if (byPath.size === 0) return {};
  return {
    devices: [...byPath.values()].map(({access: _, ...device}) => device),
    deviceRules: asked.flatMap(({type, major, minor, access}): DeviceRule[] =>
      type === 'b' || type === 'c'
        ? [{allow: true, type, access, ...(major !== undefined && {major, minor: minor ?? 0})}]
        : [],
    ),
  };
}

/** Where the host has these devices, by their names in a plan's facts. */
export function findDevices(devices: readonly Device[]): Record<string, string> {
  const wanted = new Set(devices.filter(({type}) => type !== 'p').map(deviceName));
  const found: Record<string, string> = {};
  const look = (path: string) => {
    const device = readDevice(path, path);
    if (device === undefined) return;
    const name = deviceName(device);
    if (wanted.has(name)) found[name] ??= path;
  };
  for (const {path} of devices) look(path);
  if (Object.keys(found).length < wanted.size) walk('/dev', deepest).forEach(look);
  return found;
}

interface GivenDevice extends Device {
  readonly access: string;
}

function readRequest({source, target, access}: DeviceRequest, uid: number): GivenDevice[] {
  const found = statSync(source, {throwIfNoEntry: false});
  if (found === undefined) throw refuse(`there is no ${source} on this machine`, 'ls /dev');
  const given = (path: string, place: string): GivenDevice[] => {
    const device = readDevice(path, place);
    return device === undefined ? [] : [{...device, access}];
  };
  const devices = found.isDirectory()
    ? walk(source, deepest).flatMap((path) => given(path, target + path.slice(source.length)))
    : given(source, target);
  if (devices.length === 0)
    throw refuse(`${source} is no device`, 'for a file or directory use -v');
  if (uid !== 0 && !/r.*w|w.*r/.test(access)) {
    throw refuse(
      `a plain user cannot have ${source} as ${access} alone`,
      'the kernel lets only root filter devices: give it as rw, its permissions stay those of the host',
    );
  }
  return devices;
}

/** All of the host's; to a plain user, those that it can open itself. */
function offered(uid: number): GivenDevice[] {
  return walk('/dev', deepest)
    .filter((path) => uid === 0 || isUsable(path))
    .flatMap((path) => {
      const device = readDevice(path, path);
      return device === undefined ? [] : [{...device, access: 'rwm'}];
    });
}

function isUsable(path: string): boolean {
  return [constants.R_OK, constants.W_OK].some((mode) => {
    try {
      accessSync(path, mode);
      return true;
    } catch {
      return false;
    }
  });
}

function walk(directory: string, depth: number): string[] {
  try {
    return readdirSync(directory, {withFileTypes: true}).flatMap((entry) => {
      const path = join(directory, entry.name);
      if (directory === '/dev' && notOffered.has(entry.name)) return [];
      if (entry.isDirectory()) return depth > 0 ? walk(path, depth - 1) : [];
      return entry.isCharacterDevice() || entry.isBlockDevice() ? [path] : [];
    });
  } catch {
    // One that only others may read.
    return [];
  }
}

function readDevice(source: string, target: string): Device | undefined {
  const found = statSync(source, {throwIfNoEntry: false});
  const type = found?.isBlockDevice() ? 'b' : found?.isCharacterDevice() ? 'c' : undefined;
  if (found === undefined || type === undefined) return undefined;
  const {rdev, mode, uid, gid} = found;
  return {
    type,
    path: posix.normalize(target),
    // gnu_dev_major(3): numbers of a device fit into 32 bits on Linux.
    major: Math.floor(rdev / 0x100) % 0x1000,
    minor: (rdev % 0x100) + Math.floor(rdev / 0x10_0000) * 0x100,
    fileMode: mode & 0o777,
    uid,
    gid,
  };
}

function refuse(message: string, hint: string): MinicontainerError {
  return new MinicontainerError('EDEVICE', message, {hint});
}
