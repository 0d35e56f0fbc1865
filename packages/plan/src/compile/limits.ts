import type {Process, Rlimit, RlimitType} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';

export const rlimitNumber = {
  RLIMIT_CPU: 0,
  RLIMIT_FSIZE: 1,
  RLIMIT_DATA: 2,
  RLIMIT_STACK: 3,
  RLIMIT_CORE: 4,
  RLIMIT_RSS: 5,
  RLIMIT_NPROC: 6,
  RLIMIT_NOFILE: 7,
  RLIMIT_MEMLOCK: 8,
  RLIMIT_AS: 9,
  RLIMIT_LOCKS: 10,
  RLIMIT_SIGPENDING: 11,
  RLIMIT_MSGQUEUE: 12,
  RLIMIT_NICE: 13,
  RLIMIT_RTPRIO: 14,
  RLIMIT_RTTIME: 15,
} as const satisfies Record<RlimitType, number>;

/** What nsexec itself still needs between the change of user and execve. */
const ownOpenFiles = 64n;
const ownNeeds = new Set<RlimitType>([
  'RLIMIT_CPU',
  'RLIMIT_DATA',
  'RLIMIT_STACK',
  'RLIMIT_NPROC',
  'RLIMIT_AS',
  'RLIMIT_RTTIME',
]);

/** A process's resource limits, by who can set them when. */
export interface LimitOperations {
  /** By the supervisor: only the host's root may raise a hard limit, and in the keeper it is that no more. */
  readonly raised: readonly Operation[];
  /** By the container itself, before a filter could forbid it. */
  readonly early: readonly Operation[];
  /** Last of all: those that we could hit ourselves, with what is left to do. */
  readonly late: readonly Operation[];
}

/**
 * The limits of a spec, and the caller's own of open files, which Node raises for itself. None holds while
 * the container is built: that opens and writes more than a small limit allows.
 */
export function compileLimits(process: Process, {openFiles}: HostFacts): LimitOperations {
  const asked = process.rlimits ?? [];
  const why = 'the spec asks for it';
  const limits: Limit[] = asked.map((limit) => ({...toLimit(limit), why}));
  if (!asked.some(({type}) => type === 'RLIMIT_NOFILE')) {
    limits.unshift({
      type: 'RLIMIT_NOFILE',
      soft: BigInt(openFiles.soft),
      hard: BigInt(openFiles.hard),
      why: 'Node raises its own limit; the container gets what the caller has',
    });
  }
  return {
    raised: asked.map((limit) => raise(toLimit(limit))),
    early: limits.filter((limit) => !mayHitUs(limit)).map((limit) => set('confine', limit)),
    late: limits.filter(mayHitUs).map((limit) => set('exec', limit)),
  };
}

interface Limit {
  readonly type: RlimitType;
  readonly soft: bigint;
  readonly hard: bigint;
  readonly why: string;
}

function mayHitUs({type, soft}: Limit): boolean {
  return type === 'RLIMIT_NOFILE' ? soft < ownOpenFiles : ownNeeds.has(type);
}

function set(stage: 'confine' | 'exec', {type, soft, hard, why}: Limit): Operation {
  return operation(stage, 'setRlimit', {resource: rlimitNumber[type], soft, hard}, why);
}

function raise({type, hard}: Omit<Limit, 'why'>): Operation {
  return operation(
    'attach',
    'raiseRlimit',
    {resource: rlimitNumber[type], hard},
    "where it is higher than the caller's own, only the host can give it",
  );
}

function toLimit({type, soft, hard}: Rlimit): Omit<Limit, 'why'> {
  return {type, soft: toNumber(soft), hard: toNumber(hard)};
}

/** 2^64 - 1 stands for "no limit", and as a number reads as 2^64. */
function toNumber(value: number): bigint {
  return value >= Number(2n ** 64n) ? 2n ** 64n - 1n : BigInt(value);
}
