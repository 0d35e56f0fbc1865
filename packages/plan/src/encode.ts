import {constants} from 'node:os';
import {MinicontainerError} from '@minicontainer/errors';
import type {FieldKind} from './operation-entry.ts';
import {operations} from './operations.ts';
import type {Operation, Plan} from './plan.ts';
import {SlotTable} from './slots.ts';
import {stages} from './stages.ts';
import {tableVersion} from './version.ts';

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
  const records = plan.operations.map((operation) => encodeRecord(operation, slots));
  const notes = Buffer.from(
    JSON.stringify({why: plan.operations.map(({why}) => why), slots: slots.names}),
  );
  const recordsBytes = records.reduce((sum, record) => sum + record.length, 0);
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(magic, 0);
  header.writeUInt32LE(tableVersion(), 4);
  header.writeUInt32LE(records.length, 8);
  header.writeUInt32LE(recordsBytes, 12);
  header.writeUInt32LE(slots.names.length, 16);
  header.writeUInt32LE(plan.seal ? 1 : 0, 20);
  header.writeUInt32LE(notes.length, 24);
  return Buffer.concat([header, ...records, notes]);
}

function encodeRecord(operation: Operation, slots: SlotTable): Buffer {
  const entry = operations[operation.op];
  const args: Readonly<Record<string, unknown>> = operation.args;
  const optional = (operation.optional ?? []).map((name) => constants.errno[name]);
  const errnos = Buffer.alloc(align(optional.length * 2));
  optional.forEach((errno, i) => {
    errnos.writeUInt16LE(errno, i * 2);
  });
  const fields = Object.entries<FieldKind>(entry.fields).map(([name, kind]) =>
    encodeField(operation, name, kind, args[name], slots),
  );
  const body = Buffer.concat([errnos, ...fields]);
  const header = Buffer.alloc(recordHeaderBytes);
  header.writeUInt32LE(recordHeaderBytes + body.length, 0);
  header.writeUInt16LE(entry.code, 4);
  header.writeUInt8(stages[operation.stage].number, 6);
  header.writeUInt8(optional.length, 7);
  header.writeUInt16LE(operation.else ?? 0, 8);
  return Buffer.concat([header, body]);
}

function encodeField(
  operation: Operation,
  name: string,
  kind: FieldKind,
  value: unknown,
  slots: SlotTable,
): Buffer {
  switch (kind) {
    case 'string':
      return encodeStrings(operation, [String(value)]);
    case 'strings':
      return encodeStrings(operation, value as readonly string[]);
    case 'u32':
      return encodeNumber(BigInt(value as number));
    case 'u64':
      return encodeNumber(value as bigint);
    case 'u32s':
      return encodeNumbers(value as readonly number[]);
    case 'flag':
      return encodeNumber(value ? 1n : 0n);
    case 'slot':
      return encodeNumber(BigInt(slots.read(String(value), `${operation.op}.${name}`)));
    case 'slot?':
      return encodeNumber(
        value === undefined ? noSlot : BigInt(slots.read(String(value), `${operation.op}.${name}`)),
      );
    case 'out':
      return encodeNumber(BigInt(slots.write(String(value))));
    default:
      return kind satisfies never;
  }
}

function encodeNumber(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}

/** A count, the byte length of all, then each string with its NUL. */
function encodeStrings(operation: Operation, values: readonly string[]): Buffer {
  for (const value of values) {
    if (value.includes('\0')) {
      throw new MinicontainerError('EPLAN', `${operation.op}: a string holds a NUL byte`, {
        hint: 'arguments, variables and paths end at a NUL in the kernel: remove it',
      });
    }
  }
  const text = Buffer.from(values.map((value) => `${value}\0`).join(''));
  const bytes = Buffer.alloc(align(8 + text.length));
  bytes.writeUInt32LE(values.length, 0);
  bytes.writeUInt32LE(text.length, 4);
  text.copy(bytes, 8);
  return bytes;
}

function encodeNumbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(align(8 + values.length * 4));
  bytes.writeUInt32LE(values.length, 0);
  values.forEach((value, i) => {
    bytes.writeUInt32LE(value, 8 + i * 4);
  });
  return bytes;
}

export function align(bytes: number): number {
  return (bytes + 7) & ~7;
}
