import {checked, libcFunction, rejectNul} from './libc.ts';

/** Flags of `mount`, by the names of mount(2) without `MS_`. */
export const MOUNT_FLAGS = {
  rdonly: 0x1,
  nosuid: 0x2,
  nodev: 0x4,
  noexec: 0x8,
  remount: 0x20,
  noatime: 0x400,
  bind: 0x1000,
  move: 0x2000,
  rec: 0x4000,
  unbindable: 0x20000,
  private: 0x40000,
  slave: 0x80000,
  shared: 0x100000,
  relatime: 0x200000,
} as const;

export type MountFlag = keyof typeof MOUNT_FLAGS;

export interface MountCall {
  readonly source?: string;
  readonly target: string;
  readonly type?: string;
  readonly flags?: readonly MountFlag[];
  /** Options of the file system itself, `size=1m,mode=700`. */
  readonly data?: string;
}

const libcMount = libcFunction<
  [source: string | null, target: string, type: string | null, flags: number, data: string | null]
>('mount', 'int', ['str', 'str', 'str', 'ulong', 'str']);

/**
 * Mounts a file system, or changes a mount, in the mount namespace of this process.
 *
 * @throws {SyscallError} whose target is the mount point
 * @see mount(2)
 */
export function mount({source, target, type, flags = [], data}: MountCall): void {
  for (const value of [source, target, type, data]) rejectNul(value ?? '', 'mount', target);
  const bits = flags.reduce((sum, flag) => sum | MOUNT_FLAGS[flag], 0);
  checked(libcMount(source ?? null, target, type ?? null, bits, data ?? null), 'mount', target);
}

/** Flags of `umount2`, by the names of umount(2) without `MNT_` and `UMOUNT_`. */
const UNMOUNT_FLAGS = {force: 1, detach: 2, expire: 4, nofollow: 8} as const;

export type UnmountFlag = keyof typeof UNMOUNT_FLAGS;

const libcUmount2 = libcFunction<[target: string, flags: number]>('umount2', 'int', ['str', 'int']);

/**
 * Takes a mount away; `detach` takes it out of the tree at once and frees it when unused.
 *
 * @throws {SyscallError} `EINVAL` when nothing is mounted there, `EBUSY` when it is in use
 * @see umount2(2)
 */
export function umount2(target: string, flags: readonly UnmountFlag[] = []): void {
  rejectNul(target, 'umount2', target);
  const bits = flags.reduce((sum, flag) => sum | UNMOUNT_FLAGS[flag], 0);
  checked(libcUmount2(target, bits), 'umount2', target);
}
