import type {RunOptions} from '@minicontainer/engine';
import type {Caller} from './caller.ts';
import {quoted, refuse} from './refuse.ts';

type Security = Pick<RunOptions, 'seccomp' | 'noNewPrivileges'>;

/** What `--security-opt` asks for: `seccomp=unconfined`, `seccomp=FILE`, `no-new-privileges`. */
export function securityOptions(values: readonly string[] = [], caller: Caller): Security {
  let security: Security = {};
  for (const value of values) security = {...security, ...parseOption(value, caller)};
  return security;
}

function parseOption(text: string, caller: Caller): Security {
  // Docker once wrote a colon here.
  const [, name = text, value = ''] = /^([^=:]+)[=:](.*)$/s.exec(text) ?? [];
  if (name === 'seccomp' && value === 'unconfined') return {seccomp: {kind: 'unconfined'}};
  if (name === 'seccomp' && value !== '') {
    return {seccomp: {kind: 'profile', profile: readProfile(value, caller)}};
  }
  if (name === 'no-new-privileges' && ['', 'true', 'false'].includes(value)) {
    return {noNewPrivileges: value !== 'false'};
  }
  throw refuse(
    `--security-opt ${quoted(text)} is not known`,
    'there are seccomp=unconfined, seccomp=FILE and no-new-privileges',
  );
}

function readProfile(path: string, caller: Caller): string {
  try {
    return caller.readFile(path).toString('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    throw refuse(`--security-opt: the seccomp profile ${quoted(path)} cannot be read: ${code}`);
  }
}
