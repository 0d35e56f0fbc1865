import {checked, libcFunction, rejectNul} from './libc.ts';

/** `f_type` of the file systems that containers meet. @see statfs(2) */
export const FILE_SYSTEM_MAGIC = {
  btrfs: 0x9123683e,
  cgroup: 0x27e0eb,
  cgroup2: 0x63677270,
  ext4: 0xef53,
  fuse: 0x65735546,
  nfs: 0x6969,
  nsfs: 0x6e736673,
  overlay: 0x794c7630,
  proc: 0x9fa0,
  sysfs: 0x62656572,
  tmpfs: 0x01021994,
  xfs: 0x58465342,
} as const;

/** What the kernel says of a file system, by its own names. Blocks are of `f_bsize` bytes. */
export interface StatFs {
  readonly f_type: number;
  readonly f_bsize: number;
  readonly f_blocks: number;
  readonly f_bfree: number;
  /** Free for who is not root. */
  readonly f_bavail: number;
  readonly f_files: number;
  readonly f_ffree: number;
  readonly f_namelen: number;
  /** ST_RDONLY 1, ST_NOSUID 2, ST_NODEV 4, ST_NOEXEC 8, … */
  readonly f_flags: number;
}

// struct statfs of 64-bit Linux: words of 8 bytes, but f_fsid, which is two of 4.
const WORDS = {
  f_type: 0,
  f_bsize: 1,
  f_blocks: 2,
  f_bfree: 3,
  f_bavail: 4,
  f_files: 5,
  f_ffree: 6,
  f_namelen: 8,
  f_flags: 10,
} as const satisfies Record<keyof StatFs, number>;
const SIZE = 120;

const libcStatfs = libcFunction<[path: string, buffer: Buffer]>('statfs', 'int', ['str', 'void *']);

/**
 * The file system that a path lies on.
 *
 * @throws {SyscallError}
 * @see statfs(2)
 */
export function statfs(path: string): StatFs {
  rejectNul(path, 'statfs', path);
  const buffer = Buffer.alloc(SIZE);
  checked(libcStatfs(path, buffer), 'statfs', path);
  const word = (name: keyof StatFs) => Number(buffer.readBigUInt64LE(WORDS[name] * 8));
  return {
    f_type: word('f_type'),
    f_bsize: word('f_bsize'),
    f_blocks: word('f_blocks'),
    f_bfree: word('f_bfree'),
    f_bavail: word('f_bavail'),
    f_files: word('f_files'),
    f_ffree: word('f_ffree'),
    f_namelen: word('f_namelen'),
    f_flags: word('f_flags'),
  };
}
