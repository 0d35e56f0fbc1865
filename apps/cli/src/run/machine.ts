import {readFileSync, statSync} from 'node:fs';
import {availableParallelism} from 'node:os';

/** What a limit is measured against; each is asked only when a flag needs it. */
export interface Machine {
  readonly cpus: () => number;
  /** Those that are there: `0-3,7`. */
  readonly online: (kind: 'cpu' | 'node') => string;
  /** The numbers of a block device; undefined when there is none of that name. */
  readonly blockDevice: (path: string) => DeviceNumber | undefined;
}

export interface DeviceNumber {
  readonly major: number;
  readonly minor: number;
}

export const thisMachine: Machine = {
  cpus: availableParallelism,
  online(kind) {
    try {
      return readFileSync(`/sys/devices/system/${kind}/online`, 'utf8').trim();
    } catch {
      // A kernel without NUMA has one node and says so nowhere.
      return '0';
    }
  },
  blockDevice(path) {
    const found = statSync(path, {throwIfNoEntry: false});
    return found?.isBlockDevice() ? deviceNumber(BigInt(found.rdev)) : undefined;
  },
};

/** @see makedev(3) */
function deviceNumber(rdev: bigint): DeviceNumber {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn);
  return {major: Number(major), minor: Number(BigInt.asUintN(32, minor))};
}
