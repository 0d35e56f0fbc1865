import type {Stage} from './stages.ts';

export type FieldKind =
  | 'string'
  | 'strings'
  | 'u32'
  | 'u64'
  | 'u32s'
  | 'flag'
  | 'slot'
  | 'slot?'
  | 'out';

export interface OperationEntry {
  readonly code: number;
  readonly stages: readonly Stage[];
  readonly fields: Readonly<Record<string, FieldKind>>;
  readonly does: string;
  readonly syscalls: readonly string[];
  readonly man: string;
}
