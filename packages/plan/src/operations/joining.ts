import type {OperationEntry} from '../operation-entry.ts';

/** Another process for a container that is there: what it joins, and where it runs. */
export const joining = {
  openProcess: {
    code: 105,
    stages: ['prepare'],
    fields: {pid: 'u32', startTime: 'u64', to: 'out'},
    does: 'hold a process by a descriptor, if it is still the one that is meant',
    syscalls: ['pidfd_open', 'open', 'read'],
    man: 'pidfd_open(2)',
  },
  enterProcess: {
    code: 106,
    stages: ['keep', 'build'],
    fields: {process: 'slot', namespaces: 'u64'},
    does: 'enter namespaces of a process',
    syscalls: ['prctl', 'setns'],
    man: 'setns(2)',
  },
  openDirectory: {
    code: 107,
    stages: ['prepare'],
    fields: {path: 'string', to: 'out'},
    does: "hold a directory of the host's by a descriptor",
    syscalls: ['open'],
    man: 'open(2)',
  },
  setAffinity: {
    code: 108,
    stages: ['keep', 'build'],
    fields: {cpus: 'u32s'},
    does: 'say which processors it may run on',
    syscalls: ['sched_setaffinity'],
    man: 'sched_setaffinity(2)',
  },
} as const satisfies Record<string, OperationEntry>;
