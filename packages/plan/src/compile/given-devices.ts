import {MinicontainerError} from '@minicontainer/errors';
import {capabilityMask, type Device, type IdMapping, type Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {type HostFacts, isHostRoot} from './host.ts';
import {mountAttribute} from './mount-options.ts';
import {placeOf} from './mounts.ts';
import {hasNamespace} from './namespace-types.ts';

const typeBits = {c: 0o020000, u: 0o020000, b: 0o060000, p: 0o010000} as const;
const defaultMode = 0o666;
/** Devices that the supervisor made, in a file system of its own; never in a place that has a name. */
const made = 'devices';

/**
 * The devices that a spec lists. Made in a /dev that is made anew where root shares the host's ids; for a
 * user namespace made by the supervisor outside and bound; for a plain user, who can make none, bound from
 * the host and checked by their numbers.
 *
 * @throws {MinicontainerError} `EDEVICE` for one that cannot be had
 */
export function compileGivenDevices(spec: Spec, host: HostFacts): Operation[] {
  const devices = (spec.linux?.devices ?? [])
    .map((device) => ({...device, path: placeOf(device.path)}))
    .filter(({path}) => !isBoundDev(spec) || !path.startsWith('/dev/'))
    // Engines list those of the host for a privileged container; terminals are its own all the same.
    .filter(({path}) => path !== '/dev/ptmx');
  const mayMake = isHostRoot(host) && (host.capabilities & capabilityMask(['CAP_MKNOD'])) !== 0n;
  const apart = mayMake && hasNamespace(spec, 'user') ? devices.filter(isNumbered) : [];
  return [
    ...makeApart(apart, spec),
    ...devices.flatMap((device, index) => {
      if (device.type === 'p') return [make(device, 'build', 'root', device.path.slice(1))];
      if (!mayMake) return bindFromHost(device, host);
      if (apart.length === 0) return [make(device, 'build', 'root', device.path.slice(1))];
      return bindMade(device, apart.indexOf(device), index);
    }),
  ];
}

/** As major and minor number in the form that stat(2) has them: makedev(3). */
export function deviceNumber({major = 0, minor = 0}: Pick<Device, 'major' | 'minor'>): bigint {
  const [high, low] = [BigInt(major), BigInt(minor)];
  return (
    ((high & 0xffff_f000n) << 32n) |
    ((high & 0xfffn) << 8n) |
    ((low & 0xffff_ff00n) << 12n) |
    (low & 0xffn)
  );
}

/** How the facts of a host name a device. */
export function deviceName({type, major, minor}: Pick<Device, 'type' | 'major' | 'minor'>): string {
  return `${type === 'b' ? 'b' : 'c'} ${major ?? 0}:${minor ?? 0}`;
}

/** What is below it is the host's: as with runc, nothing is made there. */
function isBoundDev(spec: Spec): boolean {
  const dev = spec.mounts?.find(({destination}) => placeOf(destination) === '/dev');
  return dev !== undefined && dev.type !== 'tmpfs';
}

function isNumbered({type}: Device): boolean {
  return type !== 'p';
}

function make(
  device: Device,
  stage: 'prepare' | 'build',
  root: string,
  path: string,
  owner: {uid: number; gid: number} = {uid: device.uid ?? 0, gid: device.gid ?? 0},
): Operation {
  return operation(
    stage,
    'makeDevice',
    {
      root,
      path,
      mode: typeBits[device.type] | ((device.fileMode ?? defaultMode) & 0o7777),
      device: device.type === 'p' ? 0n : deviceNumber(device),
      ...owner,
    },
    `the spec gives the container ${device.path}`,
  );
}

function makeApart(devices: readonly Device[], spec: Spec): Operation[] {
  if (devices.length === 0) return [];
  return [
    operation(
      'prepare',
      'createMount',
      {
        type: 'tmpfs',
        source: 'minicontainer',
        options: ['mode=755'],
        attributes: mountAttribute.noSuid | mountAttribute.noExec,
        directory: undefined,
        to: made,
      },
      'devices in a file system of the host can be opened; in one of a user namespace they cannot',
    ),
    ...devices.map((device, index) =>
      make(device, 'prepare', made, String(index), {
        uid: toHost(device.uid ?? 0, spec.linux?.uidMappings, device),
        gid: toHost(device.gid ?? 0, spec.linux?.gidMappings, device),
      }),
    ),
    operation(
      'build',
      'attachMount',
      {mount: made, root: 'scratch', target: made, file: false, create: true, follow: false},
      'only what is attached can be cloned from',
    ),
  ];
}

function bindMade(device: Device, number: number, index: number): Operation[] {
  const why = `the spec gives the container ${device.path}`;
  const slot = `device ${index}`;
  return [
    operation(
      'build',
      'openTree',
      {root: made, path: String(number), recursive: false, device: 0n, to: slot},
      why,
    ),
    attach(device, slot, why),
  ];
}

function bindFromHost(device: Device, host: HostFacts): Operation[] {
  const path = host.devices?.[deviceName(device)];
  if (path === undefined) {
    throw new MinicontainerError(
      'EDEVICE',
      `the host has no device ${deviceName(device)}, which ${device.path} is to be`,
      {hint: 'a plain user can only be given what is in /dev of the host: ls -l /dev'},
    );
  }
  const why = `the spec gives the container ${device.path}, with the host's permissions`;
  const slot = `device ${device.path}`;
  return [
    operation(
      'build',
      'openDevice',
      {path, mode: typeBits[device.type], device: deviceNumber(device), to: slot},
      why,
    ),
    attach(device, slot, why),
  ];
}

function attach({path}: Device, mount: string, why: string): Operation {
  return operation(
    'build',
    'attachMount',
    {mount, root: 'root', target: path.slice(1), file: true, create: true, follow: false},
    why,
  );
}

function toHost(id: number, mappings: readonly IdMapping[] = [], {path}: Device): number {
  const found = mappings.find(
    ({containerID, size}) => containerID <= id && id < containerID + size,
  );
  if (found !== undefined) return found.hostID + (id - found.containerID);
  throw new MinicontainerError('EDEVICE', `the owner ${id} of ${path} is no id of the container`, {
    hint: 'it has the ids that its user namespace maps',
  });
}
