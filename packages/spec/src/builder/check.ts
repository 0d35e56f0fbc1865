import {MinicontainerError} from '@minicontainer/errors';
import type {IdMapping} from '../config/namespaces.ts';
import {quote} from '../quote.ts';
import {checkControls} from './controls.ts';
import type {ContainerRequest} from './request.ts';

const largestId = 0xffff_ffff;

/**
 * What types cannot say about a request, so that what is built from it is a valid specification.
 *
 * @throws {MinicontainerError} `EREQUEST`
 */
export function checkRequest(request: ContainerRequest): void {
  demand(request.args.length > 0, 'there is no command to run');
  demand(request.rootPath !== '', 'the root file system has no path');
  checkText('the root file system', [request.rootPath]);
  checkText('the command', request.args);
  checkEnvironment(request.env ?? {});
  checkPlaces('the working directory', [request.cwd ?? '/']);
  checkPlaces('a path to mask', request.maskedPaths ?? []);
  checkHostname(request.hostname ?? '');
  demand(request.uts !== 'host' || !request.hostname, 'a hostname would be set for the host');
  const {network} = request;
  if (typeof network === 'object') checkPlaces('a network namespace', [network.path]);
  const {uid = 0, gid = 0, additionalGids = [], umask = 0} = request.user ?? {};
  for (const id of [uid, gid, ...additionalGids]) {
    demand(isId(id), `${id} is no user or group id`);
  }
  demand(isId(umask) && umask <= 0o777, `${umask} is no umask`);
  checkMounts(request);
  checkLimits(request);
  checkControls(request);
  if (request.userNamespace) {
    checkMappings('user', request.userNamespace.uidMappings);
    checkMappings('group', request.userNamespace.gidMappings);
  }
}

function checkEnvironment(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) {
    demand(name !== '', 'an environment variable has no name');
    demand(!name.includes('='), `the environment variable ${quote(name)} has a "=" in its name`);
    checkText(`the environment variable ${quote(name)}`, [name, value]);
  }
}

function checkHostname(hostname: string): void {
  checkText('the hostname', [hostname]);
  const bytes = Buffer.byteLength(hostname);
  demand(bytes <= 64, `the hostname has ${bytes} bytes, the kernel takes 64`);
}

function checkMounts({mounts = []}: ContainerRequest): void {
  for (const mount of mounts) {
    demand(mount.destination !== '', 'a mount has no destination');
    const {destination, type = '', source = '', options = []} = mount;
    checkText(`the mount on ${quote(destination)}`, [destination, type, source, ...options]);
    const {uidMappings, gidMappings} = mount;
    if (uidMappings === undefined && gidMappings === undefined) continue;
    checkMappings('user', uidMappings ?? []);
    checkMappings('group', gidMappings ?? []);
  }
}

function checkMappings(kind: 'user' | 'group', mappings: readonly IdMapping[]): void {
  demand(mappings.length > 0, `no ${kind} ids are mapped`);
  demand(mappings.length <= 340, `${kind} ids have more than the 340 mappings the kernel takes`);
  for (const {containerID, hostID, size} of mappings) {
    const fits = isId(containerID) && isId(hostID) && isId(size) && size > 0;
    const room = largestId + 1 - Math.max(containerID, hostID);
    demand(fits && size <= room, `${containerID}:${hostID}:${size} is no mapping of ${kind} ids`);
  }
  for (const side of ['containerID', 'hostID'] as const) {
    const sorted = mappings.toSorted((a, b) => a[side] - b[side]);
    for (const [index, mapping] of sorted.entries()) {
      const next = sorted[index + 1]?.[side] ?? largestId + 1;
      demand(mapping[side] + mapping.size <= next, `the mappings of ${kind} ids overlap`);
    }
  }
}

function checkPlaces(what: string, paths: readonly string[]): void {
  checkText(what, paths);
  for (const path of paths) {
    demand(path.startsWith('/'), `${what} must be an absolute path, not ${quote(path)}`);
  }
}

function checkLimits({rlimits = [], oomScoreAdj = 0, shmSizeBytes = 1}: ContainerRequest): void {
  const types = new Set<string>();
  for (const {type, soft, hard} of rlimits) {
    const fits = isWhole(soft, 0, 2 ** 64) && isWhole(hard, 0, 2 ** 64) && soft <= hard;
    demand(fits, `${soft}:${hard} is no limit ${type}: the soft one is at most the hard one`);
    demand(!types.has(type), `there are two limits ${type}`);
    types.add(type);
  }
  demand(isWhole(oomScoreAdj, -1000, 1000), `${oomScoreAdj} is no OOM score adjustment`);
  demand(isWhole(shmSizeBytes, 1, 2 ** 53), `${shmSizeBytes} bytes is no size for /dev/shm`);
}

/** A C string ends at its first NUL: what is after it would be dropped in silence. */
function checkText(what: string, texts: readonly string[]): void {
  for (const text of texts) demand(!text.includes('\0'), `${what} has a NUL byte`);
}

function isId(value: number): boolean {
  return isWhole(value, 0, largestId);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function demand(holds: boolean, message: string): asserts holds {
  if (!holds) throw new MinicontainerError('EREQUEST', message);
}
