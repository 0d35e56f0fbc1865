import {MinicontainerError} from '@minicontainer/errors';
import type {
  IoPriority,
  MemoryPolicy,
  Personality,
  Process,
  Scheduler,
  SchedulerFlag,
  SchedulerPolicy,
  Spec,
} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {parseIdList, toMask} from './id-list.ts';

/** Numbers of linux/sched.h, linux/ioprio.h, linux/personality.h and linux/mempolicy.h. */
const policyNumber = {
  SCHED_OTHER: 0,
  SCHED_FIFO: 1,
  SCHED_RR: 2,
  SCHED_BATCH: 3,
  SCHED_ISO: 4,
  SCHED_IDLE: 5,
  SCHED_DEADLINE: 6,
} as const satisfies Record<SchedulerPolicy, number>;
const policyFlag = {
  SCHED_FLAG_RESET_ON_FORK: 0x01n,
  SCHED_FLAG_RECLAIM: 0x02n,
  SCHED_FLAG_DL_OVERRUN: 0x04n,
  SCHED_FLAG_KEEP_POLICY: 0x08n,
  SCHED_FLAG_KEEP_PARAMS: 0x10n,
  SCHED_FLAG_UTIL_CLAMP_MIN: 0x20n,
  SCHED_FLAG_UTIL_CLAMP_MAX: 0x40n,
} as const satisfies Record<SchedulerFlag, bigint>;
const ioClass = {
  IOPRIO_CLASS_RT: 1,
  IOPRIO_CLASS_BE: 2,
  IOPRIO_CLASS_IDLE: 3,
} as const satisfies Record<IoPriority['class'], number>;
const ioClassShift = 13;
const domains = {LINUX: 0, LINUX32: 8} as const satisfies Record<Personality['domain'], number>;
const personalityFlags: Readonly<Record<string, number>> = {
  ADDR_COMPAT_LAYOUT: 0x0200000,
  ADDR_LIMIT_32BIT: 0x0800000,
  ADDR_LIMIT_3GB: 0x8000000,
  ADDR_NO_RANDOMIZE: 0x0040000,
  UNAME26: 0x0020000,
};
const memoryMode = {
  MPOL_DEFAULT: 0,
  MPOL_PREFERRED: 1,
  MPOL_BIND: 2,
  MPOL_INTERLEAVE: 3,
  MPOL_LOCAL: 4,
  MPOL_PREFERRED_MANY: 5,
  MPOL_WEIGHTED_INTERLEAVE: 6,
} as const satisfies Record<MemoryPolicy['mode'], number>;
const memoryFlag = {
  MPOL_F_STATIC_NODES: 0x8000,
  MPOL_F_RELATIVE_NODES: 0x4000,
  MPOL_F_NUMA_BALANCING: 0x2000,
} as const satisfies Record<NonNullable<MemoryPolicy['flags']>[number], number>;
/** What a policy of memory may say, for who asks. */
export const memoryPolicyWords = Object.freeze({
  modes: Object.keys(memoryMode),
  flags: Object.keys(memoryFlag),
});
/** MAX_NUMNODES of the largest configuration. */
const mostNodes = 1024;

/**
 * How the kernel is to treat the process. All of it before a filter of system calls could forbid it, and
 * while the capabilities are there that some of it takes.
 *
 * `execCPUAffinity` is for processes that join the container later: see affinity.ts.
 *
 * @throws {MinicontainerError} `EPERSONALITY`, `EMEMORYPOLICY` for what the kernel has no name for
 */
export function compileScheduling(spec: Spec, process: Process): Operation[] {
  const {personality, memoryPolicy} = spec.linux ?? {};
  return [
    ...(process.scheduler === undefined ? [] : [setScheduler(process.scheduler)]),
    ...(process.ioPriority === undefined ? [] : [setIoPriority(process.ioPriority)]),
    ...(personality === undefined ? [] : [setPersonality(personality)]),
    ...(memoryPolicy === undefined ? [] : [setMemoryPolicy(memoryPolicy)]),
  ];
}

function setScheduler(scheduler: Scheduler): Operation {
  const flags = (scheduler.flags ?? []).reduce((bits, name) => bits | policyFlag[name], 0n);
  return operation(
    'confine',
    'setScheduler',
    {
      policy: policyNumber[scheduler.policy],
      flags,
      nice: (scheduler.nice ?? 0) >>> 0,
      priority: scheduler.priority ?? 0,
      runtime: BigInt(scheduler.runtime ?? 0),
      deadline: BigInt(scheduler.deadline ?? 0),
      period: BigInt(scheduler.period ?? 0),
    },
    'the spec says which share of the processor it has',
  );
}

function setIoPriority({class: name, priority}: IoPriority): Operation {
  return operation(
    'confine',
    'setIoPriority',
    {priority: (ioClass[name] << ioClassShift) | priority},
    'the spec says whose reads and writes go first',
  );
}

function setPersonality({domain, flags = []}: Personality): Operation {
  const bits = flags.map((name) => {
    const bit = Object.hasOwn(personalityFlags, name) ? personalityFlags[name] : undefined;
    if (bit !== undefined) return bit;
    throw new MinicontainerError('EPERSONALITY', `there is no personality flag ${name}`, {
      hint: `there are ${Object.keys(personalityFlags).join(', ')}`,
    });
  });
  return operation(
    'confine',
    'setPersonality',
    {persona: bits.reduce<number>((all, bit) => all | bit, domains[domain])},
    'the spec says which machine the program is to believe in',
  );
}

function setMemoryPolicy({mode, nodes, flags = []}: MemoryPolicy): Operation {
  const bits = flags.reduce<number>((all, name) => all | memoryFlag[name], memoryMode[mode]);
  return operation(
    'confine',
    'setMemoryPolicy',
    {mode: bits, nodes: toMask(nodesOf(nodes ?? ''))},
    'the spec says which memory is near',
  );
}

function nodesOf(list: string): readonly number[] {
  const nodes = parseIdList(list, mostNodes);
  if (nodes !== undefined) return nodes;
  throw new MinicontainerError('EMEMORYPOLICY', `no memory nodes: ${list}`, {
    hint: `write a list like 0-3,7, of numbers below ${mostNodes}`,
  });
}
