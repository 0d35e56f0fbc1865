import {MinicontainerError} from '@minicontainer/errors';
import type {SeccompArchitecture} from '@minicontainer/spec';

/** The architectures whose system calls there are tables of. */
export type KnownArchitecture = Extract<
  SeccompArchitecture,
  'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_X32' | 'SCMP_ARCH_AARCH64' | 'SCMP_ARCH_ARM'
>;

/** What a machine is, in the kernel's words. */
export type Machine = 'x86_64' | 'aarch64';

/** A machine, and what else its kernel runs. */
export interface MachineArchitectures {
  readonly native: KnownArchitecture;
  readonly compatible: readonly KnownArchitecture[];
  /** As Docker's profiles call it in `arches`. */
  readonly dockerName: string;
}

const machines: Readonly<Record<Machine, MachineArchitectures>> = {
  x86_64: {
    native: 'SCMP_ARCH_X86_64',
    compatible: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    dockerName: 'amd64',
  },
  aarch64: {native: 'SCMP_ARCH_AARCH64', compatible: ['SCMP_ARCH_ARM'], dockerName: 'arm64'},
};

export function architecturesOf(machine: Machine): MachineArchitectures {
  return machines[machine];
}

const machineOfNode: Readonly<Record<string, Machine>> = {x64: 'x86_64', arm64: 'aarch64'};

/**
 * The machine that `process.arch` means.
 *
 * @throws {MinicontainerError} `ESECCOMP` on one that there are no tables of system calls for
 */
export function machineOf(nodeArchitecture: string): Machine {
  const machine = machineOfNode[nodeArchitecture];
  if (machine !== undefined) return machine;
  throw new MinicontainerError(
    'ESECCOMP',
    `seccomp: the system calls of ${nodeArchitecture} are not known, only those of x64 and arm64`,
    {hint: 'run without a filter: --security-opt seccomp=unconfined'},
  );
}
