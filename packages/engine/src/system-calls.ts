import {release} from 'node:os';
import {defaultProfile, type Machine, machineOf, parseProfile} from '@minicontainer/seccomp';
import type {Seccomp, Spec} from '@minicontainer/spec';
import type {RunOptions} from './options.ts';

/**
 * A spec with the filter of system calls that the caller asked for: the default one for its
 * capabilities, the caller's own, or none.
 *
 * @throws {MinicontainerError} `ESECCOMP` for a profile that cannot be read, or on an unknown machine
 */
export function withSystemCallFilter(spec: Spec, options: RunOptions): Spec {
  const seccomp = chooseFilter(spec, options);
  return seccomp === undefined ? spec : {...spec, linux: {...spec.linux, seccomp}};
}

function chooseFilter(spec: Spec, {seccomp, privileged}: RunOptions): Seccomp | undefined {
  if (seccomp?.kind === 'unconfined' || (privileged && seccomp === undefined)) return undefined;
  const target = {
    capabilities: spec.process?.capabilities?.bounding ?? [],
    kernel: release(),
    architecture: machineOf(process.arch),
  };
  return seccomp === undefined ? defaultProfile(target) : parseProfile(seccomp.profile, target);
}

/** What filters are compiled for here, where system calls are known. */
export function ownMachine(): Machine | undefined {
  return process.arch === 'x64' || process.arch === 'arm64' ? machineOf(process.arch) : undefined;
}
