import Type from 'typebox';
import {deviceRule} from './devices.ts';
import {between, int64, limit, uint16, uint32, uint64} from './numbers.ts';
import {idList, name, textByName} from './text.ts';

const memory = Type.Object({
  limit: Type.Optional(limit),
  reservation: Type.Optional(limit),
  swap: Type.Optional(limit),
  kernel: Type.Optional(limit),
  kernelTCP: Type.Optional(limit),
  swappiness: Type.Optional(between(0, 100)),
  disableOOMKiller: Type.Optional(Type.Boolean()),
  useHierarchy: Type.Optional(Type.Boolean()),
  checkBeforeUpdate: Type.Optional(Type.Boolean()),
});

const cpu = Type.Object({
  shares: Type.Optional(uint64),
  quota: Type.Optional(int64),
  burst: Type.Optional(uint64),
  period: Type.Optional(uint64),
  realtimeRuntime: Type.Optional(int64),
  realtimePeriod: Type.Optional(uint64),
  cpus: Type.Optional(idList),
  mems: Type.Optional(idList),
  idle: Type.Optional(int64),
});

const device = {major: uint32, minor: uint32};
const throttles = Type.Optional(Type.Array(Type.Object({...device, rate: uint64})));

const blockIo = Type.Object({
  weight: Type.Optional(uint16),
  leafWeight: Type.Optional(uint16),
  weightDevice: Type.Optional(
    Type.Array(
      Type.Object({
        ...device,
        weight: Type.Optional(uint16),
        leafWeight: Type.Optional(uint16),
      }),
    ),
  ),
  throttleReadBpsDevice: throttles,
  throttleWriteBpsDevice: throttles,
  throttleReadIOPSDevice: throttles,
  throttleWriteIOPSDevice: throttles,
});

const hugepageLimit = Type.Object({
  pageSize: Type.String({pattern: '^[1-9][0-9]*[KMG]B$', title: 'a page size such as "2MB"'}),
  limit: uint64,
});

const network = Type.Object({
  classID: Type.Optional(uint32),
  priorities: Type.Optional(Type.Array(Type.Object({name, priority: uint32}))),
});

const rdma = Type.Record(
  name,
  Type.Object({hcaHandles: Type.Optional(uint32), hcaObjects: Type.Optional(uint32)}),
  {additionalProperties: false, keyTitle: 'the name of a device'},
);

export const ResourcesSchema = Type.Object({
  devices: Type.Optional(Type.Array(deviceRule)),
  memory: Type.Optional(memory),
  cpu: Type.Optional(cpu),
  pids: Type.Optional(Type.Object({limit: Type.Optional(limit)})),
  blockIO: Type.Optional(blockIo),
  hugepageLimits: Type.Optional(Type.Array(hugepageLimit)),
  network: Type.Optional(network),
  rdma: Type.Optional(rdma),
  unified: Type.Optional(textByName),
});
