export {hasAttribute} from './attributes.ts';
export {
  clearCloseOnExec,
  flock,
  isCloseOnExec,
  setCloseOnExec,
  setStatusFlags,
  statusFlags,
} from './descriptors.ts';
export {makeDirectories} from './directories.ts';
export {describeErrno, type Errno, errnoNumber} from './errno.ts';
export {SyscallError} from './error.ts';
export {
  type FileLock,
  type LockMode,
  type LockWait,
  lockFd,
  lockFile,
  lockFileUnless,
  tryLock,
} from './file-lock.ts';
export {landlockVersion} from './landlock.ts';
export {
  MOUNT_FLAGS,
  type MountCall,
  type MountFlag,
  mount,
  type UnmountFlag,
  umount2,
} from './mounts.ts';
export {type ProbedCall, probeSystemCall} from './probe.ts';
export {execve, pidfdOpen, pidfdSendSignal} from './process.ts';
export {FILE_SYSTEM_MAGIC, type StatFs, statfs} from './statfs.ts';
export {syncFileSystem} from './sync.ts';
