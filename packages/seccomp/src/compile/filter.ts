import type {Seccomp, SeccompArgument, SeccompRule} from '@minicontainer/spec';

/** As in the OCI configuration; values above 2^53 - 1, which numbers do not hold, as bigint. */
export interface FilterArgument extends Omit<SeccompArgument, 'value' | 'valueTwo'> {
  readonly value: number | bigint;
  readonly valueTwo?: number | bigint;
}

export interface FilterRule extends Omit<SeccompRule, 'args'> {
  readonly args?: readonly FilterArgument[];
}

/** What can be compiled: the OCI configuration's `linux.seccomp`, or the same with bigints. */
export interface Filter extends Omit<Seccomp, 'syscalls'> {
  readonly syscalls?: readonly FilterRule[];
}
