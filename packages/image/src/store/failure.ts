import {MinicontainerError} from '@minicontainer/errors';

/** What to do about a full disk. */
export const fullDiskHint =
  'free some space (minicontainer prune), or set MINICONTAINER_ROOT to another disk';

const hints: Readonly<Record<string, string>> = {
  ENOSPC: `the disk is full: ${fullDiskHint}`,
  EDQUOT: `your quota is used up: ${fullDiskHint}`,
  EROFS: 'the file system is read-only: set MINICONTAINER_ROOT to a directory that is not',
  EACCES: 'it must be yours: set MINICONTAINER_ROOT to a directory that is',
  ENOENT: 'nothing can be made there: set MINICONTAINER_ROOT to a directory on a disk',
  EMFILE: 'raise the limit of open files: ulimit -n 4096',
};

/** An error of the file system, as one of the store; any other stays as it is. */
export function explainStore(cause: unknown, path: string): unknown {
  const code = errnoOf(cause);
  if (code === undefined) return cause;
  const hint = hints[code];
  return new MinicontainerError('ESTORE', `cannot keep images at ${path}: ${code}`, {
    cause,
    ...(hint === undefined ? {} : {hint}),
  });
}

/** The errno's name of what Node's file system throws; undefined for other errors. */
export function errnoOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || cause instanceof MinicontainerError) return undefined;
  return 'syscall' in cause && 'code' in cause ? String(cause.code) : undefined;
}

export function isMissing(cause: unknown): boolean {
  return errnoOf(cause) === 'ENOENT';
}
