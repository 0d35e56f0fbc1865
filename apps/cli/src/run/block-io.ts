import type {BlockIo, BlockIoThrottle} from '@minicontainer/spec';
import {integer} from './integer.ts';
import type {LimitFlagValues} from './limit-flags.ts';
import type {DeviceNumber, Machine} from './machine.ts';
import {quoted, refuse} from './refuse.ts';
import {sizeBytes} from './size.ts';

/** Weights and rates of disks; a flag names the disk by its path, a cgroup by its numbers. */
export function blockIo(flags: LimitFlagValues, machine: Machine): BlockIo {
  const weight = weightOf(flags.blkioWeight ?? '0', '--blkio-weight');
  const weights = flags.blkioWeightDevice ?? [];
  const flag = '--blkio-weight-device';
  const weightDevice = weights.map((text) => {
    const [device, value] = deviceAndValue(text, flag, '200', machine);
    return {...device, weight: weightOf(value, flag)};
  });
  const readBps = throttles('--device-read-bps', flags.deviceReadBps, sizeBytes, machine);
  const writeBps = throttles('--device-write-bps', flags.deviceWriteBps, sizeBytes, machine);
  const readIops = throttles('--device-read-iops', flags.deviceReadIops, times, machine);
  const writeIops = throttles('--device-write-iops', flags.deviceWriteIops, times, machine);
  return {
    ...(weight > 0 && {weight}),
    ...(weightDevice.length > 0 && {weightDevice}),
    ...(readBps.length > 0 && {throttleReadBpsDevice: readBps}),
    ...(writeBps.length > 0 && {throttleWriteBpsDevice: writeBps}),
    ...(readIops.length > 0 && {throttleReadIOPSDevice: readIops}),
    ...(writeIops.length > 0 && {throttleWriteIOPSDevice: writeIops}),
  };
}

function throttles(
  flag: string,
  texts: readonly string[] = [],
  rateOf: (text: string, flag: string) => number,
  machine: Machine,
): BlockIoThrottle[] {
  return texts.map((text) => {
    const example = rateOf === sizeBytes ? '1mb' : '100';
    const [device, value] = deviceAndValue(text, flag, example, machine);
    return {...device, rate: rateOf(value, flag)};
  });
}

function times(text: string, flag: string): number {
  return integer(text, flag, 0);
}

function weightOf(text: string, flag: string): number {
  const weight = integer(text, flag, 0, 1000);
  // Zero leaves it as it is.
  if (weight === 0 || weight >= 10) return weight;
  throw refuse(`${flag} ${text} is not from 10 to 1000`);
}

function deviceAndValue(
  text: string,
  flag: string,
  example: string,
  machine: Machine,
): [DeviceNumber, string] {
  const [, path, value] = /^(\/dev\/.+):([^:]*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined) {
    throw refuse(
      `${flag} ${quoted(text)} is not DEVICE:VALUE`,
      `for example ${flag} /dev/sda:${example}`,
    );
  }
  const device = machine.blockDevice(path);
  if (device !== undefined) return [device, value];
  throw refuse(`${flag}: ${quoted(path)} is no block device of this machine`, 'lsblk lists them');
}
