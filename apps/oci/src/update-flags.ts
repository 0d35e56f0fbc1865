import {MinicontainerError} from '@minicontainer/errors';
import type {Resources} from '@minicontainer/spec';
import {validateSpec} from '@minicontainer/spec/validate';
import {type Flags, text, type Values} from './command-line.ts';

/** As runc and crun have them. */
export const updateFlags = {
  resources: {type: 'string', short: 'r', about: '`FILE` with resources as JSON, or - for stdin'},
  'blkio-weight': {type: 'string', about: '`WEIGHT` of its use of disks, 10 to 1000'},
  'cpu-period': {type: 'string', about: '`MICROSECONDS` of a period'},
  'cpu-quota': {type: 'string', about: '`MICROSECONDS` of each period; -1: all of them'},
  'cpu-burst': {type: 'string', about: '`MICROSECONDS` that may be saved for later'},
  'cpu-idle': {type: 'string', about: '`WHETHER` it comes behind all others: 0 or 1'},
  'cpu-share': {type: 'string', about: '`SHARES` of the CPUs, 2 to 262144'},
  'cpu-shares': {type: 'string', about: '`SHARES`: the same'},
  'cpu-rt-period': {type: 'string', about: '`MICROSECONDS` of a realtime period'},
  'cpu-rt-runtime': {type: 'string', about: '`MICROSECONDS` of each for realtime'},
  'cpuset-cpus': {type: 'string', about: '`LIST` of CPUs, such as 0-3,7'},
  'cpuset-mems': {type: 'string', about: '`LIST` of memory nodes'},
  memory: {type: 'string', about: '`BYTES` of memory; -1: no limit'},
  'memory-reservation': {type: 'string', about: '`BYTES` that it is left at least'},
  'memory-swap': {type: 'string', about: '`BYTES` of memory and swap; -1: no limit'},
  'kernel-memory': {type: 'string', about: '`BYTES`, without effect: it counts as memory'},
  'kernel-memory-tcp': {type: 'string', about: '`BYTES`, without effect: it counts as memory'},
  'pids-limit': {type: 'string', about: '`N` processes and threads; -1: no limit'},
  'l3-cache-schema': {type: 'string', about: '`LINE` of its class of cache'},
  'mem-bw-schema': {type: 'string', about: '`LINE` of its class of memory bandwidth'},
} as const satisfies Flags;

/** @throws {MinicontainerError} `EUSAGE` for a value that is no number */
export function resourcesOfFlags(values: Values): Resources {
  const memory = numbers(values, {
    limit: 'memory',
    reservation: 'memory-reservation',
    swap: 'memory-swap',
  });
  const cpu = {
    ...numbers(values, {
      shares: text(values, 'cpu-shares') === undefined ? 'cpu-share' : 'cpu-shares',
      period: 'cpu-period',
      quota: 'cpu-quota',
      burst: 'cpu-burst',
      idle: 'cpu-idle',
      realtimePeriod: 'cpu-rt-period',
      realtimeRuntime: 'cpu-rt-runtime',
    }),
    ...texts(values, {cpus: 'cpuset-cpus', mems: 'cpuset-mems'}),
  };
  const groups = {
    memory,
    cpu,
    // As runc: 0 changes nothing.
    pids: nonZero(numbers(values, {limit: 'pids-limit'})),
    blockIO: numbers(values, {weight: 'blkio-weight'}),
  };
  return Object.fromEntries(
    Object.entries(groups).filter(([, group]) => Object.keys(group).length > 0),
  );
}

/**
 * Resources as `linux.resources` has them.
 *
 * @throws {MinicontainerError} `ESPEC` for what is none
 */
export function parseResources(json: string, file: string): Resources {
  let resources: unknown;
  try {
    resources = JSON.parse(json);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new MinicontainerError('ESPEC', `${file} is not JSON: ${said}`, {cause});
  }
  const spec = {ociVersion: '1.2.0', root: {path: '/'}, linux: {resources}};
  return validateSpec(spec, file).linux?.resources ?? {};
}

type Names = Readonly<Record<string, string>>;

function numbers(values: Values, names: Names): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [field, flag] of Object.entries(names)) {
    const value = text(values, flag);
    if (value !== undefined) found[field] = bytes(flag, value);
  }
  return found;
}

function texts(values: Values, names: Names): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, flag] of Object.entries(names)) {
    const value = text(values, flag);
    if (value !== undefined) found[field] = value;
  }
  return found;
}

function nonZero(found: Record<string, number>): Record<string, number> {
  return found.limit === 0 ? {} : found;
}

const units: Readonly<Record<string, number>> = {'': 0, k: 10, m: 20, g: 30, t: 40, p: 50};

function bytes(flag: string, value: string): number {
  const [, digits, unit = ''] = /^(-1|\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?$/i.exec(value) ?? [];
  const shift = units[unit.toLowerCase()];
  if (digits === undefined || shift === undefined) {
    throw new MinicontainerError('EUSAGE', `invalid value for ${flag}: ${JSON.stringify(value)}`);
  }
  return Math.floor(Number(digits) * 2 ** shift);
}
