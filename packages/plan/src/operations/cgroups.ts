import type {OperationEntry} from '../operation-entry.ts';

/** The cgroup: made, limited, entered, removed. */
export const cgroups = {
  startScope: {
    code: 48,
    stages: ['prepare', 'attach'],
    fields: {argv: 'strings', cgroup: 'string'},
    does: 'have systemd make a cgroup that is ours to divide, with this process or its keeper in it',
    syscalls: ['pipe2', 'fork', 'wait4'],
    man: 'busctl(1)',
  },
  makeCgroup: {
    code: 49,
    stages: ['prepare', 'attach'],
    fields: {hierarchy: 'string', path: 'string', controllers: 'string', to: 'out'},
    does: 'make a cgroup, with these controllers at work in it',
    syscalls: ['open', 'openat', 'mkdirat', 'write'],
    man: 'cgroups(7)',
  },
  writeCgroup: {
    code: 50,
    stages: ['prepare', 'attach'],
    fields: {cgroup: 'slot', file: 'string', data: 'string'},
    does: "write one of a cgroup's files",
    syscalls: ['openat', 'write'],
    man: 'cgroups(7)',
  },
  loadDeviceFilter: {
    code: 51,
    stages: ['prepare', 'attach'],
    fields: {cgroup: 'slot', program: 'u32s'},
    does: 'have a program of the kernel decide which devices can be used in a cgroup',
    syscalls: ['bpf'],
    man: 'bpf(2)',
  },
  openMembers: {
    code: 52,
    stages: ['prepare'],
    fields: {cgroup: 'slot?', file: 'string', to: 'out'},
    does: "open a cgroup's list of members, for who enters it later",
    syscalls: ['openat'],
    man: 'cgroups(7)',
  },
  enterCgroup: {
    code: 53,
    stages: ['prepare', 'build'],
    fields: {members: 'slot'},
    does: 'enter a cgroup',
    syscalls: ['write'],
    man: 'cgroups(7)',
  },
  reportOutOfMemory: {
    code: 54,
    stages: ['ending'],
    fields: {path: 'string'},
    does: 'see whether memory had run out',
    syscalls: ['open', 'read'],
    man: 'cgroups(7)',
  },
  removeCgroup: {
    code: 55,
    stages: ['ending'],
    fields: {path: 'string'},
    does: 'end what is left in a cgroup, and remove it',
    syscalls: ['unlinkat', 'openat', 'write', 'kill'],
    man: 'cgroups(7)',
  },
} as const satisfies Record<string, OperationEntry>;
