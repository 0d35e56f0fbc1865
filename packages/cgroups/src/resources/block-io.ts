import type {BlockIo, BlockIoThrottle} from '@minicontainer/spec';
import {decimal} from './decimal.ts';
import {inexpressible, refuse} from './refuse.ts';
import {asked, type CgroupVersion, type CgroupWrite, type FileValue} from './write.ts';

/**
 * Weights and rates of block devices; a weight of zero is not set, a rate of zero is no limit.
 *
 * @see blkio-controller.rst of cgroup-v1, cgroup-v2.rst "IO"
 */
export function blockIoWrites(blockIo: BlockIo, version: CgroupVersion): CgroupWrite[] {
  return version === 1
    ? [...v1Weights(blockIo), ...v1Throttles(blockIo)]
    : [...v2Weights(blockIo), ...v2Throttles(blockIo)];
}

const throttles = {
  throttleReadBpsDevice: {v1: 'read_bps', v2: 'rbps'},
  throttleWriteBpsDevice: {v1: 'write_bps', v2: 'wbps'},
  throttleReadIOPSDevice: {v1: 'read_iops', v2: 'riops'},
  throttleWriteIOPSDevice: {v1: 'write_iops', v2: 'wiops'},
} as const;
const throttleNames = [
  'throttleReadBpsDevice',
  'throttleWriteBpsDevice',
  'throttleReadIOPSDevice',
  'throttleWriteIOPSDevice',
] as const;

function v1Weights({weight, leafWeight, weightDevice = []}: BlockIo): CgroupWrite[] {
  const writes: CgroupWrite[] = [];
  if (weight) writes.push(bfqInstead('weight', 'weight', checkWeight(weight, 'weight')));
  if (leafWeight) {
    const value = checkWeight(leafWeight, 'leafWeight');
    writes.push(ioWrite(1, 'leafWeight', {file: 'blkio.leaf_weight', value}));
  }
  for (const {major, minor, weight, leafWeight} of weightDevice) {
    const device = deviceName({major, minor}, 'weightDevice');
    if (weight) {
      const value = `${device} ${checkWeight(weight, 'weightDevice')}`;
      writes.push(bfqInstead('weightDevice', 'weight_device', value));
    }
    if (leafWeight) {
      const value = `${device} ${checkWeight(leafWeight, 'weightDevice')}`;
      writes.push(ioWrite(1, 'weightDevice', {file: 'blkio.leaf_weight_device', value}));
    }
  }
  return writes;
}

/** The weights of CFQ went with Linux 5.0; BFQ’s have other names. */
function bfqInstead(field: keyof BlockIo, name: string, value: string): CgroupWrite {
  const bfq = {file: `blkio.bfq.${name}`, value};
  return {...ioWrite(1, field, {file: `blkio.${name}`, value}), ifMissing: bfq};
}

function v1Throttles(blockIo: BlockIo): CgroupWrite[] {
  return throttleNames.flatMap((name) =>
    (blockIo[name] ?? []).map((throttle) => {
      const value = `${deviceName(throttle, name)} ${decimal(throttle.rate, `blockIO.${name}`)}`;
      return ioWrite(1, name, {file: `blkio.throttle.${throttles[name].v1}_device`, value});
    }),
  );
}

function v2Weights({weight, leafWeight, weightDevice = []}: BlockIo): CgroupWrite[] {
  const noLeaf = 'weigh the cgroups below by themselves';
  if (leafWeight) throw inexpressible('blockIO.leafWeight', 'io', 2, noLeaf);
  const writes: CgroupWrite[] = [];
  if (weight) writes.push(v2Weight('weight', '', weight));
  for (const {major, minor, weight, leafWeight} of weightDevice) {
    if (leafWeight) throw inexpressible('blockIO.weightDevice.leafWeight', 'io', 2, noLeaf);
    const device = deviceName({major, minor}, 'weightDevice');
    if (weight) writes.push(v2Weight('weightDevice', `${device} `, weight));
  }
  return writes;
}

/** BFQ takes 1 to 1000 as they are; what iocost takes is 1 to 10000, so 10 to 1000 is stretched. */
function v2Weight(field: 'weight' | 'weightDevice', device: string, weight: number): CgroupWrite {
  const value = `${device}${checkWeight(weight, field)}`;
  const stretched = 1 + Math.floor(((weight - 10) * 9999) / 990);
  return {
    ...ioWrite(2, field, {file: 'io.bfq.weight', value}),
    ifMissing: {file: 'io.weight', value: `${device}${stretched}`},
  };
}

/** The kernel takes one device in one write. */
function v2Throttles(blockIo: BlockIo): CgroupWrite[] {
  const byDevice = new Map<string, {limits: string[]; names: Set<string>}>();
  for (const name of throttleNames) {
    for (const throttle of blockIo[name] ?? []) {
      const device = deviceName(throttle, name);
      const found = byDevice.get(device) ?? {limits: [], names: new Set()};
      byDevice.set(device, found);
      const rate = decimal(throttle.rate, `blockIO.${name}`);
      // Of two for one the last counts, as on v1. v1 takes a limit away by 0, which v2 refuses (ERANGE).
      found.limits.push(`${throttles[name].v2}=${throttle.rate === 0 ? 'max' : rate}`);
      found.names.add(asked(`blockIO.${name}`));
    }
  }
  return [...byDevice].map(([device, {limits, names}]) => ({
    controller: 'io',
    file: 'io.max',
    value: `${device} ${limits.join(' ')}`,
    asked: [...names].join(', '),
  }));
}

function deviceName({major, minor}: Omit<BlockIoThrottle, 'rate'>, field: string): string {
  return `${decimal(major, `blockIO.${field}`)}:${decimal(minor, `blockIO.${field}`)}`;
}

function checkWeight(weight: number, field: string): string {
  const text = decimal(weight, `blockIO.${field}`);
  if (weight >= 10 && weight <= 1000) return text;
  throw refuse(`blockIO.${field}`, `the weight ${text} is not from 10 to 1000`);
}

function ioWrite(version: CgroupVersion, field: keyof BlockIo, to: FileValue): CgroupWrite {
  const controller = version === 1 ? 'blkio' : 'io';
  return {controller, ...to, asked: asked(`blockIO.${field}`)};
}
