import {release} from 'node:os';

/** What older kernels have not; the product finds out by trying, so its checks have to know. */

/** tmpfs has user attributes since Linux 6.6 (tmpfs(5)): without them it holds no upper directory. */
export const tmpfsHasUserAttributes = isAtLeast(6, 6);

/** Owners of a tmpfs can be shifted since Linux 6.3 (mount_setattr(2)). */
export const tmpfsHasIdmaps = isAtLeast(6, 3);

function isAtLeast(wantedMajor: number, wantedMinor: number): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
