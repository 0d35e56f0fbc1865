import type {OperationEntry} from '../operation-entry.ts';

/** Layers of images: written once, mounted on each other. */
export const layers = {
  writeTree: {
    code: 130,
    stages: ['keep'],
    fields: {target: 'string', lower: 'slot?'},
    does: 'write the files that standard input describes, with a directory as root',
    syscalls: [
      ...(['read', 'open', 'fchdir', 'chroot', 'openat2', 'mkdir', 'write', 'fchown'] as const),
      ...([
        'utimensat',
        'symlink',
        'fchownat',
        'linkat',
        'mknod',
        'fchmodat',
        'lsetxattr',
      ] as const),
    ],
    man: 'openat2(2)',
  },
  mountLayers: {
    code: 131,
    stages: ['keep', 'build'],
    fields: {
      directory: 'slot',
      lowers: 'strings',
      options: 'strings',
      flags: 'u64',
      to: 'out',
    },
    does: 'lay directories over each other, as a detached mount',
    syscalls: ['fchdir', 'symlink', 'mkdir', 'mount', 'open_tree', 'umount2'],
    man: 'mount(2)',
  },
  inheritDirectory: {
    code: 133,
    stages: ['build'],
    fields: {from: 'slot', path: 'string', to: 'slot', place: 'string'},
    does: 'give a directory the owner, mode, times and attributes of another',
    syscalls: ['openat2', 'fstat', 'fchown', 'fchmod', 'flistxattr', 'utimensat'],
    man: 'inode(7)',
  },
  measureTree: {
    code: 132,
    stages: ['keep'],
    fields: {path: 'string'},
    does: 'tell how many bytes a directory takes, with all in it',
    syscalls: ['open', 'openat2', 'write'],
    man: 'stat(2)',
  },
} as const satisfies Record<string, OperationEntry>;
