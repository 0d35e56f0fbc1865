import type {RunOptions} from '@minicontainer/engine';
import type {Caller} from './caller.ts';
import {quoted, refuse} from './refuse.ts';

type Security = Pick<
  RunOptions,
  | 'seccomp'
  | 'landlock'
  | 'noNewPrivileges'
  | 'apparmor'
  | 'labels'
  | 'mask'
  | 'unmask'
  | 'procOptions'
>;

const forms = [
  ...['seccomp=unconfined', 'seccomp=FILE', 'no-new-privileges', 'apparmor=PROFILE'],
  ...['label=disable', 'label=type:TYPE', 'mask=/PATH:/PATH', 'unmask=ALL', 'unmask=/PATH:/PATH'],
  ...['landlock=unconfined', 'systempaths=unconfined', 'proc-opts=OPTION,OPTION'],
];

/** What `--security-opt` asks for, each as Docker or Podman spell it. */
export function securityOptions(values: readonly string[] = [], caller: Caller): Security {
  let security: Security = {};
  for (const value of values) {
    const next = parseOption(value, caller);
    security = {...security, ...next, ...joinLists(security, next)};
  }
  return security;
}

/** What may be said several times, and is then all meant. */
function joinLists(before: Security, next: Security): Security {
  let joined: Security = {};
  for (const name of ['labels', 'mask', 'unmask', 'procOptions'] as const) {
    const all = [...(before[name] ?? []), ...(next[name] ?? [])];
    if (all.length > 0) joined = {...joined, [name]: all};
  }
  return joined;
}

function parseOption(text: string, caller: Caller): Security {
  // Docker once wrote a colon here.
  const [, name = text, value = ''] = /^([^=:]+)[=:](.*)$/s.exec(text) ?? [];
  if (name === 'no-new-privileges' && ['', 'true', 'false'].includes(value)) {
    return {noNewPrivileges: value !== 'false'};
  }
  const asked = value === '' ? undefined : parseValue(name, value, caller);
  if (asked !== undefined) return asked;
  throw refuse(`--security-opt ${quoted(text)} is not known`, `there are ${forms.join(', ')}`);
}

function parseValue(name: string, value: string, caller: Caller): Security | undefined {
  switch (name) {
    case 'seccomp':
      if (value === 'unconfined') return {seccomp: {kind: 'unconfined'}};
      return {seccomp: {kind: 'profile', profile: readProfile(value, caller)}};
    case 'landlock':
      return value === 'unconfined' ? {landlock: 'unconfined'} : undefined;
    case 'apparmor':
      return {apparmor: value};
    case 'label':
      return {labels: [value]};
    case 'mask':
      return {mask: value.split(':')};
    case 'unmask':
      return {unmask: value.split(':')};
    case 'systempaths':
      return value === 'unconfined' ? {unmask: ['ALL']} : undefined;
    case 'proc-opts':
      return {procOptions: value.split(',')};
    default:
      return undefined;
  }
}

function readProfile(path: string, caller: Caller): string {
  try {
    return caller.readFile(path).toString('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    throw refuse(`--security-opt: the seccomp profile ${quoted(path)} cannot be read: ${code}`);
  }
}
