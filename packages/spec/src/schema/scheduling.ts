import Type from 'typebox';
import {between, uint64} from './numbers.ts';
import {idList} from './text.ts';

export const scheduler = Type.Object({
  policy: Type.Enum([
    'SCHED_OTHER',
    'SCHED_FIFO',
    'SCHED_RR',
    'SCHED_BATCH',
    'SCHED_ISO',
    'SCHED_IDLE',
    'SCHED_DEADLINE',
  ]),
  nice: Type.Optional(between(-20, 19)),
  priority: Type.Optional(between(0, 99)),
  flags: Type.Optional(
    Type.Array(
      Type.Enum([
        'SCHED_FLAG_RESET_ON_FORK',
        'SCHED_FLAG_RECLAIM',
        'SCHED_FLAG_DL_OVERRUN',
        'SCHED_FLAG_KEEP_POLICY',
        'SCHED_FLAG_KEEP_PARAMS',
        'SCHED_FLAG_UTIL_CLAMP_MIN',
        'SCHED_FLAG_UTIL_CLAMP_MAX',
      ]),
    ),
  ),
  runtime: Type.Optional(uint64),
  deadline: Type.Optional(uint64),
  period: Type.Optional(uint64),
});

export const ioPriority = Type.Object({
  class: Type.Enum(['IOPRIO_CLASS_RT', 'IOPRIO_CLASS_BE', 'IOPRIO_CLASS_IDLE']),
  priority: between(0, 7),
});

export const execCpuAffinity = Type.Object({
  initial: Type.Optional(idList),
  final: Type.Optional(idList),
});
