import {MinicontainerError} from '@minicontainer/errors';

/** The first two numbers of a kernel's version; what follows them says nothing of its calls. */
export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
}

/**
 * The version in a release such as `6.1.0-9-amd64`.
 *
 * @throws {MinicontainerError} `ESECCOMP` where there is none
 */
export function kernelVersion(release: string): KernelVersion {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  if (major !== undefined) return {major: Number(major), minor: Number(minor)};
  throw new MinicontainerError(
    'ESECCOMP',
    `seccomp: no version in the kernel release '${release}'`,
  );
}

export function isAtLeast(version: KernelVersion, least: KernelVersion): boolean {
  return version.major === least.major ? version.minor >= least.minor : version.major > least.major;
}
