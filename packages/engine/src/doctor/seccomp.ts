import {ownMachine} from '../system-calls.ts';
import {type Check, good, missing, warning} from './check.ts';
import {readOptional} from './read.ts';

export function checkSeccomp(): Check[] {
  return [
    judgeActions(readOptional('/proc/sys/kernel/seccomp/actions_avail')),
    judgeMachine(process.arch, ownMachine() !== undefined),
  ];
}

/** @param actions what the kernel says it can answer a call with, or undefined where it filters none */
export function judgeActions(actions: string | undefined): Check {
  const name = 'seccomp';
  if (actions === undefined) {
    return missing(
      name,
      'the kernel cannot filter system calls',
      'use a kernel with CONFIG_SECCOMP_FILTER; until then: --security-opt seccomp=unconfined',
    );
  }
  return actions.split(/\s+/).includes('user_notif')
    ? good(name, 'filters system calls, and has programs answer them')
    : warning(
        name,
        'filters system calls, but no program may answer them (SCMP_ACT_NOTIFY)',
        'use Linux 5.0 or newer',
      );
}

/** @param architecture as Node names it */
export function judgeMachine(architecture: string, known: boolean): Check {
  const name = 'default filter';
  return known
    ? good(name, `the system calls of ${architecture} are known`)
    : missing(
        name,
        `the system calls of ${architecture} are not known, only those of x64 and arm64`,
        'run without a filter: --security-opt seccomp=unconfined',
      );
}
