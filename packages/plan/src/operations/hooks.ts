import type {OperationEntry} from '../operation-entry.ts';

/** Programs that a specification has run beside the container's own, and network devices that it moves. */
export const hooks = {
  awaitHooks: {
    code: 100,
    stages: ['build'],
    fields: {},
    does: 'wait until the hooks of the host have ended',
    syscalls: ['sendto', 'recvfrom'],
    man: 'unix(7)',
  },
  runHook: {
    code: 101,
    stages: ['hooks', 'build', 'exec', 'started', 'ending'],
    fields: {
      kind: 'string',
      path: 'string',
      argv: 'strings',
      inherit: 'flag',
      env: 'strings',
      directory: 'string',
      timeoutMs: 'u32',
      state: 'strings',
    },
    does: 'run a hook',
    syscalls: ['memfd_create', 'write', 'lseek', 'pipe2', 'clone3', 'poll', 'wait4'],
    man: 'execve(2)',
  },
  moveLink: {
    code: 102,
    stages: ['hooks'],
    fields: {name: 'string', newName: 'string'},
    does: 'move a network device into the container',
    syscalls: ['open', 'setns', 'socket', 'ioctl', 'sendto', 'recvfrom'],
    man: 'rtnetlink(7)',
  },
} as const satisfies Record<string, OperationEntry>;
