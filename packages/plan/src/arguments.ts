import type {FieldKind} from './operation-entry.ts';
import type {OperationName, operations} from './operations.ts';

interface FieldValues {
  string: string;
  strings: readonly string[];
  u32: number;
  u64: bigint;
  u32s: readonly number[];
  flag: boolean;
  slot: string;
  'slot?': string | undefined;
  out: string;
}

type Fields<N extends OperationName> = (typeof operations)[N]['fields'];

/** The arguments of one operation, by field name; slots by the name that the plan gives them. */
export type Arguments<N extends OperationName> = {
  -readonly [F in keyof Fields<N>]: Fields<N>[F] extends FieldKind
    ? FieldValues[Fields<N>[F]]
    : never;
};
