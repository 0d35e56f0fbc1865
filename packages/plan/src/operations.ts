/**
 * The table of operations: what nsexec can do, one primitive each. From it come the TypeScript types
 * and codec (here and in encode.ts) and the C structs and dispatch (scripts/generate-operations.mjs).
 *
 * Field kinds: `string`, `strings`, `u32`, `u64`, `u32s`, `flag`; `slot` names a descriptor that an earlier
 * operation left in `out`; `slot?` may be absent, which means the host's root directory.
 */
export const operations = {
  openTree: {
    code: 1,
    stages: ['prepare', 'build'],
    fields: {root: 'slot?', path: 'string', recursive: 'flag', device: 'u64', to: 'out'},
    does: 'clone the mount at a path, detached',
    syscalls: ['open_tree', 'openat2', 'fstat'],
    man: 'open_tree(2)',
  },
  mountAttributes: {
    code: 2,
    stages: ['prepare', 'build', 'enter'],
    fields: {mount: 'slot', set: 'u64', clear: 'u64', propagation: 'u64', recursive: 'flag'},
    does: 'change the flags of a mount',
    syscalls: ['mount_setattr'],
    man: 'mount_setattr(2)',
  },
  cloneKeeper: {
    code: 3,
    stages: ['clone'],
    fields: {flags: 'u64'},
    does: 'start the keeper in new namespaces',
    syscalls: ['clone3'],
    man: 'clone3(2)',
  },
  writeProcess: {
    code: 4,
    stages: ['attach'],
    fields: {file: 'string', data: 'string'},
    does: "write one of the keeper's files in /proc",
    syscalls: ['open', 'write'],
    man: 'user_namespaces(7)',
  },
  runMapper: {
    code: 5,
    stages: ['attach'],
    fields: {argv: 'strings'},
    does: 'have the set-user-ID mapping program write an id map',
    syscalls: ['fork', 'wait4'],
    man: 'newuidmap(1)',
  },
  setRlimit: {
    code: 6,
    stages: ['attach'],
    fields: {resource: 'u32', soft: 'u64', hard: 'u64'},
    does: 'set a resource limit, which the container inherits',
    syscalls: ['prlimit64'],
    man: 'prlimit(2)',
  },
  idmapMount: {
    code: 7,
    stages: ['attach'],
    fields: {mount: 'slot'},
    does: "shift a mount's owners into the container's user namespace",
    syscalls: ['open', 'mount_setattr'],
    man: 'mount_setattr(2)',
  },
  releaseKeeper: {
    code: 8,
    stages: ['attach'],
    fields: {},
    does: 'let the keeper go on',
    syscalls: ['sendto'],
    man: 'unix(7)',
  },
  awaitRelease: {
    code: 9,
    stages: ['keep'],
    fields: {},
    does: 'wait until ids are mapped and mounts shifted',
    syscalls: ['recvfrom'],
    man: 'unix(7)',
  },
  becomeRoot: {
    code: 10,
    stages: ['keep'],
    fields: {setgroups: 'flag'},
    does: 'become user and group 0 of the user namespace',
    syscalls: ['setgroups', 'setresgid', 'setresuid'],
    man: 'user_namespaces(7)',
  },
  dieWithSupervisor: {
    code: 11,
    stages: ['keep'],
    fields: {},
    does: 'have the kernel kill the keeper, and with it the container, when the supervisor dies',
    syscalls: ['prctl', 'sendto'],
    man: 'PR_SET_PDEATHSIG(2const)',
  },
  cloneContainer: {
    code: 12,
    stages: ['keep'],
    fields: {flags: 'u64'},
    does: "start the container's first process in new namespaces",
    syscalls: ['clone3'],
    man: 'clone3(2)',
  },
  unshare: {
    code: 13,
    stages: ['build'],
    fields: {flags: 'u64'},
    does: 'move into further new namespaces',
    syscalls: ['unshare'],
    man: 'unshare(2)',
  },
  setPropagation: {
    code: 14,
    stages: ['build'],
    fields: {flags: 'u64'},
    does: 'set the propagation of every mount of the namespace',
    syscalls: ['mount'],
    man: 'mount_namespaces(7)',
  },
  createMount: {
    code: 15,
    stages: ['build'],
    fields: {
      type: 'string',
      source: 'string',
      options: 'strings',
      attributes: 'u64',
      directory: 'slot?',
      to: 'out',
    },
    does: 'make a file system instance and a mount of it, detached',
    syscalls: ['fsopen', 'fsconfig', 'fsmount'],
    man: 'fsopen(2)',
  },
  attachMount: {
    code: 16,
    stages: ['build'],
    fields: {
      mount: 'slot',
      root: 'slot?',
      target: 'string',
      file: 'flag',
      create: 'flag',
      follow: 'flag',
    },
    does: "attach a mount, its target resolved inside the container's root",
    syscalls: ['openat2', 'mkdirat', 'move_mount'],
    man: 'move_mount(2)',
  },
  makeDirectory: {
    code: 17,
    stages: ['build'],
    fields: {root: 'slot', path: 'string', mode: 'u32'},
    does: 'make a directory',
    syscalls: ['openat2', 'mkdirat', 'fchmodat'],
    man: 'mkdir(2)',
  },
  makeSymlink: {
    code: 18,
    stages: ['build'],
    fields: {root: 'slot', path: 'string', target: 'string'},
    does: 'make a symbolic link',
    syscalls: ['openat2', 'symlinkat'],
    man: 'symlink(2)',
  },
  writeFile: {
    code: 19,
    stages: ['build'],
    fields: {root: 'slot', path: 'string', mode: 'u32', data: 'string', create: 'flag'},
    does: 'write a file',
    syscalls: ['openat2', 'write'],
    man: 'openat2(2)',
  },
  openPath: {
    code: 20,
    stages: ['build'],
    fields: {root: 'slot', path: 'string', to: 'out'},
    does: 'hold a directory by a descriptor',
    syscalls: ['openat2'],
    man: 'openat2(2)',
  },
  setXattr: {
    code: 21,
    stages: ['build'],
    fields: {at: 'slot', name: 'string', value: 'string'},
    does: 'set an extended attribute',
    syscalls: ['setxattr'],
    man: 'setxattr(2)',
  },
  maskPath: {
    code: 22,
    stages: ['build'],
    fields: {root: 'slot', path: 'string', empty: 'slot'},
    does: 'hide a file behind /dev/null, a directory behind an empty one',
    syscalls: ['openat2', 'open_tree', 'move_mount', 'mount_setattr'],
    man: 'open_tree(2)',
  },
  readOnlyPath: {
    code: 23,
    stages: ['build'],
    fields: {root: 'slot', path: 'string'},
    does: 'mount a path read-only over itself',
    syscalls: ['openat2', 'open_tree', 'mount_setattr', 'move_mount'],
    man: 'mount_setattr(2)',
  },
  linkUp: {
    code: 24,
    stages: ['build'],
    fields: {name: 'string'},
    does: 'set a network interface up',
    syscalls: ['socket', 'ioctl'],
    man: 'netdevice(7)',
  },
  pivotRoot: {
    code: 25,
    stages: ['enter'],
    fields: {root: 'slot'},
    does: "make the new root the process's root and let go of the host's",
    syscalls: ['fchdir', 'pivot_root', 'umount2', 'chdir'],
    man: 'pivot_root(2)',
  },
  setHostname: {
    code: 26,
    stages: ['enter'],
    fields: {name: 'string'},
    does: 'set the host name',
    syscalls: ['sethostname'],
    man: 'sethostname(2)',
  },
  setDomainname: {
    code: 27,
    stages: ['enter'],
    fields: {name: 'string'},
    does: 'set the NIS domain name',
    syscalls: ['setdomainname'],
    man: 'setdomainname(2)',
  },
  useIds: {
    code: 28,
    stages: ['enter'],
    fields: {uid: 'u32', gid: 'u32', groups: 'u32s'},
    does: 'take these numeric ids for the process',
    syscalls: [],
    man: 'credentials(7)',
  },
  resolveUser: {
    code: 29,
    stages: ['enter'],
    fields: {user: 'string', group: 'string'},
    does: "look the user up in the container's own passwd and group files",
    syscalls: ['openat2', 'read'],
    man: 'passwd(5)',
  },
  makeHome: {
    code: 30,
    stages: ['enter'],
    fields: {},
    does: "make the user's home directory where it is missing",
    syscalls: ['mkdirat', 'fchownat'],
    man: 'mkdir(2)',
  },
  openTerminal: {
    code: 31,
    stages: ['enter'],
    fields: {},
    does: "open a terminal of the container's own devpts and hand its master to the supervisor",
    syscalls: ['openat2', 'ioctl', 'fchown', 'setsid', 'sendmsg', 'open_tree', 'move_mount', 'dup2'],
    man: 'pty(7)',
  },
  openPipes: {
    code: 32,
    stages: ['enter'],
    fields: {},
    does: 'make the standard streams: pipes that the container owns, their far ends to the supervisor',
    syscalls: ['pipe2', 'fchown', 'setsid', 'sendmsg', 'dup2'],
    man: 'pipe(7)',
  },
  joinKeyring: {
    code: 33,
    stages: ['confine'],
    fields: {name: 'string'},
    does: 'start a session keyring of its own',
    syscalls: ['keyctl'],
    man: 'keyctl(2)',
  },
  dropBounding: {
    code: 34,
    stages: ['confine'],
    fields: {keep: 'u64'},
    does: 'drop every other capability from the bounding set',
    syscalls: ['prctl'],
    man: 'capabilities(7)',
  },
  setUser: {
    code: 35,
    stages: ['confine'],
    fields: {setgroups: 'flag'},
    does: "become the container's user",
    syscalls: ['prctl', 'setgroups', 'setresgid', 'setresuid'],
    man: 'setresuid(2)',
  },
  setCapabilities: {
    code: 36,
    stages: ['confine'],
    fields: {effective: 'u64', permitted: 'u64', inheritable: 'u64', ambient: 'u64'},
    does: 'set the capability sets',
    syscalls: ['capset', 'prctl'],
    man: 'capabilities(7)',
  },
  noNewPrivileges: {
    code: 37,
    stages: ['confine'],
    fields: {},
    does: 'make set-user-ID programs and file capabilities give nothing',
    syscalls: ['prctl'],
    man: 'PR_SET_NO_NEW_PRIVS(2const)',
  },
  setUmask: {
    code: 38,
    stages: ['confine'],
    fields: {mask: 'u32'},
    does: 'set the file mode creation mask',
    syscalls: ['umask'],
    man: 'umask(2)',
  },
  changeDirectory: {
    code: 39,
    stages: ['confine'],
    fields: {path: 'string'},
    does: 'go to the working directory',
    syscalls: ['chdir', 'getcwd'],
    man: 'chdir(2)',
  },
  closeDescriptors: {
    code: 40,
    stages: ['confine'],
    fields: {from: 'u32'},
    does: 'mark every other descriptor to be closed by execve',
    syscalls: ['close_range'],
    man: 'close_range(2)',
  },
  awaitStart: {
    code: 41,
    stages: ['gate'],
    fields: {},
    does: 'report readiness and wait for the start, or for the death of the supervisor',
    syscalls: ['sendto', 'recvfrom'],
    man: 'unix(7)',
  },
  startInit: {
    code: 42,
    stages: ['exec'],
    fields: {},
    does: 'stay as a pid 1 that forwards signals and reaps, with the command as its child',
    syscalls: ['fork'],
    man: 'pid_namespaces(7)',
  },
  execute: {
    code: 43,
    stages: ['exec'],
    fields: {argv: 'strings', env: 'strings', search: 'string'},
    does: 'become the command',
    syscalls: ['execve'],
    man: 'execve(2)',
  },
  supervise: {
    code: 44,
    stages: ['ending'],
    fields: {},
    does: 'relay the streams, forward signals, wait for the end',
    syscalls: ['poll', 'wait4'],
    man: 'pidfd_open(2)',
  },
  removeTree: {
    code: 45,
    stages: ['vacate', 'ending'],
    fields: {path: 'string'},
    does: 'remove a directory and what is in it',
    syscalls: ['openat', 'unlinkat'],
    man: 'unlink(2)',
  },
  removeFile: {
    code: 46,
    stages: ['ending'],
    fields: {path: 'string'},
    does: 'remove a file',
    syscalls: ['unlink'],
    man: 'unlink(2)',
  },
} as const satisfies Record<string, OperationEntry>;

/** The stages in their order, each with the process that runs it. */
export const stages = {
  prepare: {number: 0, process: 'supervisor'},
  clone: {number: 1, process: 'supervisor'},
  attach: {number: 2, process: 'supervisor'},
  keep: {number: 3, process: 'keeper'},
  build: {number: 4, process: 'container'},
  enter: {number: 5, process: 'container'},
  confine: {number: 6, process: 'container'},
  gate: {number: 7, process: 'container'},
  exec: {number: 8, process: 'container'},
  vacate: {number: 9, process: 'keeper'},
  ending: {number: 10, process: 'supervisor'},
} as const;

export type Stage = keyof typeof stages;
export type FieldKind = 'string' | 'strings' | 'u32' | 'u64' | 'u32s' | 'flag' | 'slot' | 'slot?' | 'out';

export interface OperationEntry {
  readonly code: number;
  readonly stages: readonly Stage[];
  readonly fields: Readonly<Record<string, FieldKind>>;
  readonly does: string;
  readonly syscalls: readonly string[];
  readonly man: string;
}

interface FieldValues {
  string: string;
  strings: readonly string[];
  u32: number;
  u64: bigint;
  u32s: readonly number[];
  flag: boolean;
  slot: string;
  'slot?': string | undefined;
  out: string;
}

export type OperationName = keyof typeof operations;

type Fields<N extends OperationName> = (typeof operations)[N]['fields'];

/** The arguments of one operation, by field name; slots by the name that the plan gives them. */
export type Arguments<N extends OperationName> = {
  -readonly [F in keyof Fields<N>]: Fields<N>[F] extends FieldKind ? FieldValues[Fields<N>[F]] : never;
};
