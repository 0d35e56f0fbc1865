import type {OperationEntry} from '../operation-entry.ts';

/** For a container that criu has made of its images. */
export const checkpoint = {
  adoptRestored: {
    code: 116,
    stages: ['ending'],
    fields: {pidFile: 'string', log: 'string'},
    does: 'take over what criu has restored',
    syscalls: ['wait4', 'open', 'read', 'pidfd_open'],
    man: 'criu(8)',
  },
} as const satisfies Record<string, OperationEntry>;
