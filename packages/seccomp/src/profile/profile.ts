import type {Seccomp, SeccompArchitecture, SeccompRule} from '@minicontainer/spec';
import {architecturesOf, type Machine} from '../architectures.ts';
import {isAtLeast, type KernelVersion, kernelVersion} from './kernel-version.ts';

/** A filter with rules that depend on where it is used; Docker's format means this. */
export interface Profile extends Omit<Seccomp, 'syscalls'> {
  /** What else is judged on a machine, by its own architecture. */
  readonly archMap?: readonly ArchitectureFamily[];
  readonly syscalls: readonly ProfileRule[];
}

export interface ArchitectureFamily {
  readonly architecture: SeccompArchitecture;
  readonly subArchitectures: readonly SeccompArchitecture[];
}

export interface ProfileRule extends SeccompRule {
  /** It counts only where all that is said here is so: every capability, any architecture. */
  readonly includes?: Circumstances;
  /** It does not count where anything that is said here is so: any capability, any architecture. */
  readonly excludes?: Circumstances;
}

export interface Circumstances {
  readonly caps?: readonly string[];
  readonly arches?: readonly string[];
  readonly minKernel?: KernelVersion;
}

/** Where a profile is used. */
export interface ProfileTarget {
  /** The container's bounding set. */
  readonly capabilities: readonly string[];
  /** The kernel's release, as `uname -r` and `os.release()` say it. */
  readonly kernel: string;
  readonly architecture: Machine;
}

/** The filter that a profile is for this container on this machine. */
export function resolveProfile(profile: Profile, target: ProfileTarget): Seccomp {
  const {archMap = [], syscalls, ...filter} = profile;
  const {native, dockerName} = architecturesOf(target.architecture);
  const family = archMap.find(({architecture}) => architecture === native);
  const release = kernelVersion(target.kernel);
  const capabilities = new Set(target.capabilities);

  const counts = ({includes = {}, excludes = {}}: ProfileRule): boolean =>
    (includes.arches?.includes(dockerName) ?? true) &&
    (includes.caps?.every((name) => capabilities.has(name)) ?? true) &&
    (includes.minKernel === undefined || isAtLeast(release, includes.minKernel)) &&
    !excludes.arches?.includes(dockerName) &&
    !excludes.caps?.some((name) => capabilities.has(name)) &&
    (excludes.minKernel === undefined || !isAtLeast(release, excludes.minKernel));

  return {
    ...filter,
    ...(family && {architectures: [native, ...family.subArchitectures]}),
    syscalls: syscalls.filter(counts).map(({includes: _, excludes: __, ...rule}) => rule),
  };
}
