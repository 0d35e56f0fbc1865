import {constants} from 'node:os';
import {MinicontainerError} from '@minicontainer/errors';
import type {FieldKind} from './operation-entry.ts';
import {operations} from './operations.ts';
import type {Operation, Plan} from './plan.ts';
import {SlotTable} from './slots.ts';
import {stages} from './stages.ts';
import {formatVersion, signatureOf} from './version.ts';
import {WordWriter} from './word-writer.ts';

export const magic = 0x3150434d; // "MCP1"
export const headerBytes = 32;
export const recordHeaderBytes = 16;
/** What a record's descriptor field holds when it names none. */
export const noSlot = -1n;

/**
 * The plan as the bytes that nsexec reads: a header, one record for each operation, then notes (JSON:
 * the reasons and slot names) that nsexec passes over and `decodePlan` reads. Little-endian; records
 * and fields are aligned to 8 bytes.
 *
 * @throws {MinicontainerError} `EPLAN` when a slot is read before it is filled, or a string holds a NUL
 */
export function encodePlan(plan: Plan): Buffer {
  const slots = new SlotTable();
  const words = new WordWriter();
  words.pair(magic, formatVersion());
  const counts = words.pair(plan.operations.length, 0);
  const flags = words.pair(0, plan.seal ? 1 : 0);
  const notes = words.pair(0, 0);
  for (const operation of plan.operations) encodeRecord(words, operation, slots);
  const notesAt = words.length;
  const notesBytes = words.text(
    JSON.stringify({why: plan.operations.map(({why}) => why), slots: slots.names}),
  );
  words.set(counts + 4, notesAt - headerBytes);
  words.set(flags, slots.names.length);
  words.set(notes, notesBytes);
  return words.finish(notesAt + notesBytes);
}

function encodeRecord(words: WordWriter, operation: Operation, slots: SlotTable): void {
  const entry = operations[operation.op];
  const args: Readonly<Record<string, unknown>> = operation.args;
  const optional = operation.optional ?? [];
  const stage = stages[operation.stage].number;
  const start = words.pair(0, entry.code | (stage << 16) | (optional.length << 24));
  words.pair(operation.else ?? 0, signatureOf(operation.op));
  if (optional.length > 0) encodeErrnos(words, optional);
  for (const [name, kind] of Object.entries<FieldKind>(entry.fields)) {
    encodeField(words, operation, name, kind, args[name], slots);
  }
  words.set(start, words.length - start);
}

/** Two bytes each. */
function encodeErrnos(words: WordWriter, names: NonNullable<Operation['optional']>): void {
  const numbers = names.map((name) => constants.errno[name]);
  for (let i = 0; i < numbers.length; i += 4) {
    const [first = 0, second = 0, third = 0, fourth = 0] = numbers.slice(i, i + 4);
    words.pair(first | (second << 16), third | (fourth << 16));
  }
}

function encodeField(
  words: WordWriter,
  operation: Operation,
  name: string,
  kind: FieldKind,
  value: unknown,
  slots: SlotTable,
): void {
  switch (kind) {
    case 'string':
      encodeStrings(words, operation, [String(value)]);
      break;
    case 'strings':
      encodeStrings(words, operation, value as readonly string[]);
      break;
    case 'u32':
      words.pair(value as number, 0);
      break;
    case 'u64':
      words.u64(value as bigint);
      break;
    case 'u32s':
      encodeNumbers(words, value as readonly number[]);
      break;
    case 'flag':
      words.pair(value ? 1 : 0, 0);
      break;
    case 'slot?':
      if (value === undefined) words.u64(noSlot);
      else words.pair(slots.read(String(value), `${operation.op}.${name}`), 0);
      break;
    case 'slot':
      words.pair(slots.read(String(value), `${operation.op}.${name}`), 0);
      break;
    case 'out':
      words.pair(slots.write(String(value)), 0);
      break;
    default:
      kind satisfies never;
  }
}

/** A count, the byte length of all, then each string with its NUL. */
function encodeStrings(words: WordWriter, operation: Operation, values: readonly string[]): void {
  for (const value of values) {
    if (value.includes('\0')) {
      throw new MinicontainerError('EPLAN', `${operation.op}: a string holds a NUL byte`, {
        hint: 'arguments, variables and paths end at a NUL in the kernel: remove it',
      });
    }
  }
  const at = words.pair(values.length, 0);
  words.set(at + 4, words.text(values.map((value) => `${value}\0`).join('')));
}

function encodeNumbers(words: WordWriter, values: readonly number[]): void {
  words.pair(values.length, 0);
  for (let i = 0; i < values.length; i += 2) words.pair(values[i] ?? 0, values[i + 1] ?? 0);
}

export function align(bytes: number): number {
  return (bytes + 7) & ~7;
}
