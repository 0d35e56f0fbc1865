import {existsSync} from 'node:fs';
import {release} from 'node:os';
import {dirname} from 'node:path';
import {readCaller} from '../ids/caller.ts';
import {fileSystemOf} from '../mounted.ts';
import {callerState} from '../state.ts';
import {type Check, good, warning} from './check.ts';
import {isSince, type KernelVersion, parseRelease} from './kernel-version.ts';

/** The file systems that the host view and what containers write lie on. */
export function checkFiles(): Check[] {
  const kernel = parseRelease(release());
  const state = callerState();
  const type = fileSystemOf(nearestExisting(state));
  const mayShift = readCaller().rank === 'root';
  return [
    judgeStateDirectory(state, type, kernel),
    mayShift
      ? judgeIdmapped('idmapped mounts of /', fileSystemOf('/'), kernel)
      : good('idmapped mounts', "not needed; -v …:idmap is for the host's root alone"),
    ...(mayShift && type !== fileSystemOf('/')
      ? [judgeIdmapped('idmapped mounts of it', type, kernel)]
      : []),
  ];
}

/** First version of Linux whose mounts of a type can have owners of their own. @see mount_setattr(2) */
const idmappedSince: Readonly<Record<string, KernelVersion>> = {
  ext4: [5, 12],
  vfat: [5, 12],
  xfs: [5, 12],
  btrfs: [5, 15],
  ntfs3: [5, 15],
  f2fs: [5, 18],
  erofs: [5, 19],
  squashfs: [6, 2],
  tmpfs: [6, 3],
};

export function judgeIdmapped(
  name: string,
  type: string | undefined,
  kernel: KernelVersion,
): Check {
  const since = type === undefined ? undefined : idmappedSince[type];
  if (since !== undefined && isSince(kernel, since)) {
    return good(name, `${type}: files of the host's root are container root's`);
  }
  const found = since === undefined ? '' : ` before Linux ${since.join('.')}`;
  return warning(
    name,
    `not on ${type ?? 'an unknown file system'}${found}: the host view is read-only, -v …:idmap is refused`,
    'keep what is shared on ext4, XFS or Btrfs, or give it by -v …:U',
  );
}

/** What no overlay takes as its upper layer, or where directories that it covers cannot be removed. */
const noUpper = /^(overlay|nfs4?|cifs|smb3|9p|fuse.*|vfat|exfat|ecryptfs|virtiofs|squashfs|erofs)$/;

/** @param type of the file system that it lies on, as mount(8) names it */
export function judgeStateDirectory(
  path: string,
  type: string | undefined,
  kernel: KernelVersion,
): Check {
  const name = 'state directory';
  const inMemory = isSince(kernel, [6, 6]);
  // What is written lies there only where memory does not do.
  if (inMemory || (type !== undefined && !noUpper.test(type))) {
    return good(name, `${path}, on ${type ?? 'an unknown file system'}`);
  }
  return warning(
    name,
    `${path} is on ${type ?? 'an unknown file system'}, which cannot keep what is written to the host view`,
    'set MINICONTAINER_ROOT to a directory on a local disk, such as ext4, XFS or Btrfs',
  );
}

function nearestExisting(path: string): string {
  return existsSync(path) || path === '/' ? path : nearestExisting(dirname(path));
}
