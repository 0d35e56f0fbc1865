import Type from 'typebox';
import {between, int64, uint32} from './numbers.ts';
import {absolutePath} from './text.ts';

export const namespaces = Type.Array(
  Type.Object({
    type: Type.Enum(['pid', 'network', 'mount', 'ipc', 'uts', 'user', 'cgroup', 'time']),
    path: Type.Optional(absolutePath),
  }),
);

export const idMappings = Type.Array(
  Type.Object({containerID: uint32, hostID: uint32, size: between(1, 0xffff_ffff)}),
);

const timeOffset = Type.Object({
  secs: Type.Optional(int64),
  nanosecs: Type.Optional(between(0, 999_999_999)),
});

export const timeOffsets = Type.Object({
  boottime: Type.Optional(timeOffset),
  monotonic: Type.Optional(timeOffset),
});
