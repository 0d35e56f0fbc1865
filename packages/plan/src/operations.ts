import type {OperationEntry} from './operation-entry.ts';
import {cgroups} from './operations/cgroups.ts';
import {checkpoint} from './operations/checkpoint.ts';
import {confinement} from './operations/confinement.ts';
import {files} from './operations/files.ts';
import {hooks} from './operations/hooks.ts';
import {identity} from './operations/identity.ts';
import {joining} from './operations/joining.ts';
import {layers} from './operations/layers.ts';
import {mounts} from './operations/mounts.ts';
import {processes} from './operations/processes.ts';
import {runtime} from './operations/runtime.ts';

/**
 * The table of operations: what nsexec can do, one primitive each,
 * by subject in ./operations. From it come the TypeScript types
 * and codec (here and in encode.ts) and the C structs and dispatch (scripts/generate-operations.mjs).
 *
 * Field kinds: `string`, `strings`, `u32`, `u64`, `u32s`, `flag`; `slot` names a descriptor that an earlier
 * operation left in `out`; `slot?` may be absent, which means the host's root directory.
 */
export const operations = {
  ...processes,
  ...mounts,
  ...files,
  ...identity,
  ...confinement,
  ...cgroups,
  ...runtime,
  ...joining,
  ...checkpoint,
  ...hooks,
  ...layers,
} as const satisfies Record<string, OperationEntry>;

export type OperationName = keyof typeof operations;
