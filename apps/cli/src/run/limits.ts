import type {RunOptions} from '@minicontainer/engine';
import type {Rlimit, RlimitType} from '@minicontainer/spec';
import {integer} from './integer.ts';
import type {LimitFlagValues} from './limit-flags.ts';
import {quoted, refuse} from './refuse.ts';
import {sizeBytes} from './size.ts';

type Limits = Pick<RunOptions, 'rlimits' | 'oomScoreAdj' | 'shmSizeBytes'>;

/** What the flags limit without a cgroup: each process, and /dev/shm. */
export function limitOptions({ulimit, oomScoreAdj, shmSize}: LimitFlagValues): Limits {
  const rlimits = rlimitsOf(ulimit);
  const shmSizeBytes = sizeBytes(shmSize ?? '0', '--shm-size', '--shm-size 128m');
  return {
    ...(rlimits.length > 0 && {rlimits}),
    ...(oomScoreAdj !== undefined && {
      oomScoreAdj: integer(oomScoreAdj, '--oom-score-adj', -1000, 1000),
    }),
    ...(shmSizeBytes > 0 && {shmSizeBytes}),
  };
}

const types: Readonly<Record<string, RlimitType>> = {
  as: 'RLIMIT_AS',
  core: 'RLIMIT_CORE',
  cpu: 'RLIMIT_CPU',
  data: 'RLIMIT_DATA',
  fsize: 'RLIMIT_FSIZE',
  locks: 'RLIMIT_LOCKS',
  memlock: 'RLIMIT_MEMLOCK',
  msgqueue: 'RLIMIT_MSGQUEUE',
  nice: 'RLIMIT_NICE',
  nofile: 'RLIMIT_NOFILE',
  nproc: 'RLIMIT_NPROC',
  rss: 'RLIMIT_RSS',
  rtprio: 'RLIMIT_RTPRIO',
  rttime: 'RLIMIT_RTTIME',
  sigpending: 'RLIMIT_SIGPENDING',
  stack: 'RLIMIT_STACK',
};

/** RLIM_INFINITY is 2^64 - 1, of which 2^64 is the nearest number of JavaScript. */
const unlimited = 2 ** 64;

/** Of two for one resource the last one counts. */
function rlimitsOf(values: readonly string[] = []): Rlimit[] {
  const byType = new Map(values.map(parseUlimit).map((limit) => [limit.type, limit]));
  return [...byType.values()];
}

function parseUlimit(text: string): Rlimit {
  const flag = `--ulimit ${quoted(text)}`;
  const [, name, soft, hard = soft] = /^([^=]+)=([^:]+)(?::([^:]+))?$/.exec(text) ?? [];
  if (name === undefined || soft === undefined || hard === undefined) {
    throw refuse(`${flag} is not NAME=SOFT or NAME=SOFT:HARD`, 'for example --ulimit nofile=1024');
  }
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined) {
    throw refuse(
      `${flag}: no limit is called ${quoted(name)}`,
      `there are ${Object.keys(types).join(', ')}`,
    );
  }
  const limit = {type, soft: limitOf(soft, flag), hard: limitOf(hard, flag)};
  if (limit.soft <= limit.hard) return limit;
  throw refuse(`${flag}: the soft limit is above the hard one`, 'a process may raise it to that');
}

function limitOf(text: string, flag: string): number {
  return text === 'unlimited' || text === '-1' ? unlimited : integer(text, flag, 0);
}
