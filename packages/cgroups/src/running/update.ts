import {MinicontainerError} from '@minicontainer/errors';
import type {Resources} from '@minicontainer/spec';
import type {CgroupWrite} from '../resources/write.ts';
import {resourceWrites} from '../resources/writes.ts';
import {type ContainerCgroup, directoryOf} from './cgroup.ts';
import {errnoNameOf, readCgroupFile, readNumber, writeCgroupFile} from './files.ts';
import {noController, writeFailure} from './write-failure.ts';

/**
 * Changes the limits of a container that runs; what `resources` does not name stays as it is.
 *
 * @throws {MinicontainerError} `ERESOURCE`, with the controller and what to do, for a limit that cannot
 *   be had; what was written before it stays
 */
export function updateResources(cgroup: ContainerCgroup, resources: Resources): void {
  if (resources.devices !== undefined && resources.devices.length > 0) {
    throw new MinicontainerError(
      'ERESOURCE',
      'linux.resources.devices cannot be changed while the container runs',
      {hint: 'start it again with the devices that it needs'},
    );
  }
  const whole = cgroup.version === 2 ? keepQuota(resources, cgroup.directory) : resources;
  const writes = resourceWrites(whole, cgroup.version);
  if (cgroup.version === 2) checkUsage(resources, cgroup.directory);
  writeAll(cgroup, writes);
}

/**
 * Performs writes, whatever the limits are that they replace: memory may have to grow after swap, and a
 * period after its quota. What the kernel refuses at first is tried again behind the others.
 *
 * @throws {MinicontainerError} `ERESOURCE`
 */
export function writeAll(cgroup: ContainerCgroup, writes: readonly CgroupWrite[]): void {
  let pending = writes;
  while (pending.length > 0) {
    const refused: {write: CgroupWrite; cause: unknown}[] = [];
    for (const write of pending) {
      try {
        perform(cgroup, write);
      } catch (cause) {
        if (!['EINVAL', 'EBUSY'].includes(errnoNameOf(cause))) throw explain(cgroup, write, cause);
        refused.push({write, cause});
      }
    }
    const [first] = refused;
    if (first !== undefined && refused.length === pending.length) {
      throw explain(cgroup, first.write, first.cause);
    }
    pending = refused.map(({write}) => write);
  }
}

function perform(cgroup: ContainerCgroup, write: CgroupWrite): void {
  const directory = directoryOf(cgroup, write.controller);
  if (directory === undefined) throw noController(write);
  try {
    writeCgroupFile(directory, write.file, write.value);
  } catch (error) {
    const {ifMissing} = write;
    if (ifMissing === undefined || errnoNameOf(error) !== 'ENOENT') throw error;
    if (ifMissing !== 'ignore') writeCgroupFile(directory, ifMissing.file, ifMissing.value);
  }
}

function explain(cgroup: ContainerCgroup, write: CgroupWrite, cause: unknown): unknown {
  const directory = directoryOf(cgroup, write.controller);
  const errno = errnoNameOf(cause);
  if (cause instanceof MinicontainerError || directory === undefined || errno === '') return cause;
  const controllers = readCgroupFile(directory, 'cgroup.controllers')?.trim().split(' ');
  return writeFailure(write, {directory, errno, ...(controllers && {controllers}), cause});
}

/** `cpu.max` takes a period only behind a quota, and a period alone is to leave the quota. */
function keepQuota(resources: Resources, directory: string): Resources {
  const {cpu} = resources;
  if (!cpu?.period || cpu.quota) return resources;
  const [quota = ''] = readCgroupFile(directory, 'cpu.max')?.split(' ') ?? [];
  return /^\d+$/.test(quota) ? {...resources, cpu: {...cpu, quota: Number(quota)}} : resources;
}

/** v1 refuses a limit below what is in use; v2 would kill. */
function checkUsage({memory}: Resources, directory: string): void {
  const {limit, checkBeforeUpdate} = memory ?? {};
  if (!checkBeforeUpdate || !limit || limit === -1) return;
  const usage = readNumber(directory, 'memory.current') ?? 0;
  if (limit > usage) return;
  throw new MinicontainerError(
    'ERESOURCE',
    `linux.resources.memory.limit: the container uses ${usage} bytes, more than ${limit}`,
    {hint: 'choose a larger limit, or leave out checkBeforeUpdate and let processes be killed'},
  );
}
