import {userInfo} from 'node:os';
import {type Check, good, warning} from './check.ts';
import {readOptional} from './read.ts';

export function checkResourceLimits(): Check[] {
  return judgeResourceLimits(readOptional('/proc/self/limits') ?? '', userName());
}

/** The rows of /proc/PID/limits that programs fail by, the least that they count on, and limits.conf's name. */
const usual = [
  {row: 'Max open files', name: 'nofile', least: 4096, common: 524_288},
  {row: 'Max processes', name: 'nproc', least: 4096, common: 65_536},
  {row: 'Max file size', name: 'fsize', least: 2 ** 40, common: Number.POSITIVE_INFINITY},
  {row: 'Max address space', name: 'as', least: 2 ** 40, common: Number.POSITIVE_INFINITY},
] as const;

/**
 * Hard limits, which containers inherit and only CAP_SYS_RESOURCE raises.
 *
 * @param limits contents of /proc/self/limits
 * @see getrlimit(2), limits.conf(5)
 */
export function judgeResourceLimits(limits: string, user: string): Check[] {
  const found = usual.map((each) => ({...each, hard: hardLimit(each.row, limits)}));
  const low = found.filter(({hard, least}) => hard < least);
  if (low.length === 0) {
    const shown = found.slice(0, 2).map(({name, hard}) => `${name} ${say(hard)}`);
    return [good('rlimits', `hard limits are not low: ${shown.join(', ')}`)];
  }
  return low.map(({name, hard, common}) =>
    warning(
      `rlimit ${name}`,
      `the hard limit is ${say(hard)}, and containers inherit it`,
      `as root: echo '${user} hard ${name} ${say(common)}' >> /etc/security/limits.conf, then log in anew`,
    ),
  );
}

function hardLimit(row: string, limits: string): number {
  const hard = new RegExp(`^${row}\\s+\\S+\\s+(\\S+)`, 'm').exec(limits)?.[1];
  return hard === undefined || hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}

function say(limit: number): string {
  return limit === Number.POSITIVE_INFINITY ? 'unlimited' : String(limit);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'NAME';
  }
}
