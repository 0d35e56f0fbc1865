import {readFileSync} from 'node:fs';
import {landlockVersion} from '@minicontainer/syscalls';
import type {Check} from './doctor.ts';

/** What this kernel gives to confine containers, behind namespaces and capabilities. */
export function checkProtections(): Check[] {
  return [
    checkSeccomp(read('/proc/sys/kernel/seccomp/actions_avail')),
    checkLandlock(landlockVersion()),
  ];
}

/** @param actions what the kernel says it can answer a call with, or undefined where it filters none */
export function checkSeccomp(actions: string | undefined): Check {
  const name = 'seccomp';
  if (actions === undefined) {
    return {
      name,
      ok: false,
      found: 'the kernel cannot filter system calls',
      fix: 'use a kernel with CONFIG_SECCOMP_FILTER; until then: --security-opt seccomp=unconfined',
    };
  }
  return actions.split(/\s+/).includes('user_notif')
    ? {name, ok: true, found: 'filters system calls, and has programs answer them'}
    : {
        name,
        ok: 'warn',
        found: 'filters system calls, but no program may answer them (SCMP_ACT_NOTIFY)',
        fix: 'use Linux 5.0 or newer',
      };
}

/** @param version of the kernel's interface; 0 where there is none */
export function checkLandlock(version: number): Check {
  const name = 'Landlock';
  if (version >= 2) return {name, ok: true, found: `version ${version}`};
  return {
    name,
    ok: 'warn',
    found:
      version === 0
        ? 'the kernel has none, or does not use it: one layer less around the host view'
        : 'too old to be used: no file could be moved between directories',
    fix: 'use Linux 5.19 or newer, with "landlock" in its lsm= option',
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
