import {MinicontainerError} from '@minicontainer/errors';
import type {CgroupWrite} from '../resources/write.ts';

/** A write that the kernel refused. */
export interface RefusedWrite {
  readonly directory: string;
  /** `ENOENT`, `EINVAL`, … */
  readonly errno: string;
  /** Contents of `cgroup.controllers` there, on v2. */
  readonly controllers?: readonly string[];
  readonly cause?: unknown;
}

/** Why a limit that was asked for cannot be had, and what to do about it. */
export function writeFailure(write: CgroupWrite, refused: RefusedWrite): MinicontainerError {
  const [reason, hint] = reasonAndHint(write, refused);
  const details = 'cause' in refused ? {hint, cause: refused.cause} : {hint};
  return new MinicontainerError('ERESOURCE', `${write.asked} cannot be set: ${reason}`, details);
}

/** There is no directory to write it in. */
export function noController({asked, controller}: CgroupWrite): MinicontainerError {
  return new MinicontainerError(
    'ERESOURCE',
    `${asked} cannot be set: the container is in no cgroup of the ${controller} controller`,
    {hint: `mount the ${controller} hierarchy (cgroups(7)), or do without this limit`},
  );
}

function reasonAndHint(write: CgroupWrite, refused: RefusedWrite): [string, string] {
  const {controller, file, value} = write;
  const {directory, errno, controllers} = refused;
  const missing = ['ENOENT', 'EACCES', 'EPERM'].includes(errno);
  if (missing && controllers !== undefined && !hasController(controllers, controller)) {
    return [
      `the ${controller} controller is not enabled in ${directory}`,
      `enable it in cgroup.subtree_control above; a plain user needs Delegate=${controller} of systemd`,
    ];
  }
  switch (errno) {
    case 'ENOENT':
      return [
        `the ${controller} controller of this kernel has no ${file}`,
        missingHints[controller] ?? 'do without it, or use a kernel that has it',
      ];
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return [
        `${directory}/${file} may not be written (${errno})`,
        'run as root, or let systemd delegate the cgroup to you',
      ];
    case 'EBUSY':
      return [
        `the ${controller} controller refuses ${value} for ${file}: more is in use (EBUSY)`,
        'choose a larger limit, or let the container use less first',
      ];
    case 'ENODEV':
    case 'ENXIO':
      return [
        `no device of this machine has the number in ${JSON.stringify(value)} (${errno})`,
        'lsblk lists the disks with their numbers; a limit is of a whole disk, not of a partition',
      ];
    default:
      return [
        `the ${controller} controller refuses ${JSON.stringify(value)} for ${file} (${errno})`,
        'no cgroup may have more than the one above it; dmesg may tell more',
      ];
  }
}

/** `cgroup` is there without being one. */
function hasController(controllers: readonly string[], controller: string): boolean {
  return controller === 'cgroup' || controllers.includes(controller);
}

const missingHints: Readonly<Record<string, string>> = {
  memory: 'swap is counted only where the kernel is booted with swapaccount=1',
  io: 'a weight needs the scheduler BFQ on the disk, or io.cost.qos',
  blkio: 'a weight needs the scheduler BFQ on the disk',
};
