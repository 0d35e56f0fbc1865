import {constants} from 'node:os';
import {MinicontainerError} from '@minicontainer/errors';
import {align, headerBytes, magic, noSlot, recordHeaderBytes} from './encode.ts';
import type {FieldKind, OperationEntry} from './operation-entry.ts';
import {type OperationName, operations} from './operations.ts';
import type {ErrnoName, Operation, Plan} from './plan.ts';
import {type Stage, stages} from './stages.ts';
import {formatVersion, signatureOf} from './version.ts';

/**
 * The plan that `encodePlan` made these bytes from.
 *
 * @throws {MinicontainerError} `EPLAN` when they are not a plan of this version
 */
export function decodePlan(bytes: Buffer): Plan {
  if (bytes.length < headerBytes || bytes.readUInt32LE(0) !== magic) {
    throw new MinicontainerError('EPLAN', 'not a plan: the magic number is missing');
  }
  if (bytes.readUInt32LE(4) !== formatVersion()) {
    throw new MinicontainerError('EPLAN', 'the plan was made for another version of nsexec');
  }
  try {
    return {operations: decodeRecords(bytes), seal: bytes.readUInt32LE(20) === 1};
  } catch (cause) {
    if (cause instanceof MinicontainerError) throw cause;
    throw new MinicontainerError('EPLAN', 'the plan is cut short or damaged', {cause});
  }
}

function decodeRecords(bytes: Buffer): Operation[] {
  const recordsEnd = headerBytes + bytes.readUInt32LE(12);
  const notes = JSON.parse(bytes.toString('utf8', recordsEnd)) as {why: string[]; slots: string[]};
  const decoded: Operation[] = [];
  for (let at = headerBytes; at < recordsEnd; ) {
    const size = bytes.readUInt32LE(at);
    if (size < recordHeaderBytes || size > recordsEnd - at) {
      throw new MinicontainerError(
        'EPLAN',
        `the plan holds a record of ${size} bytes at byte ${at}`,
      );
    }
    decoded.push(decodeRecord(bytes, at, notes.slots, notes.why[decoded.length] ?? ''));
    at += size;
  }
  return decoded;
}

const byCode = new Map<number, [OperationName, OperationEntry]>(
  (Object.entries(operations) as [OperationName, OperationEntry][]).map(([name, entry]) => [
    entry.code,
    [name, entry],
  ]),
);
const stageNames = Object.keys(stages) as Stage[];
const errnoNames = new Map(
  Object.entries(constants.errno).map(([name, number]) => [number, name as ErrnoName]),
);

function decodeRecord(bytes: Buffer, at: number, slots: readonly string[], why: string): Operation {
  const found = byCode.get(bytes.readUInt16LE(at + 4));
  const stage = stageNames[bytes.readUInt8(at + 6)];
  if (found === undefined || stage === undefined) {
    throw new MinicontainerError('EPLAN', `the plan holds an unknown operation at byte ${at}`);
  }
  const [op, entry] = found;
  if (bytes.readUInt32LE(at + 12) !== signatureOf(op)) {
    throw new MinicontainerError('EPLAN', `the plan holds an operation ${op} of another version`);
  }
  const optionalCount = bytes.readUInt8(at + 7);
  const optional: ErrnoName[] = [];
  for (let i = 0; i < optionalCount; i += 1) {
    optional.push(errnoNames.get(bytes.readUInt16LE(at + recordHeaderBytes + i * 2)) ?? 'EINVAL');
  }
  const reader = new FieldReader(bytes, at + recordHeaderBytes + align(optionalCount * 2), slots);
  const args = Object.fromEntries(
    Object.entries(entry.fields).map(([name, kind]) => [name, reader.read(kind)]),
  );
  const elseCount = bytes.readUInt16LE(at + 8);
  return {
    op,
    stage,
    args,
    why,
    ...(optionalCount > 0 ? {optional} : {}),
    ...(elseCount > 0 ? {else: elseCount} : {}),
  } as Operation;
}

class FieldReader {
  readonly #bytes: Buffer;
  readonly #slots: readonly string[];
  #at: number;

  constructor(bytes: Buffer, at: number, slots: readonly string[]) {
    this.#bytes = bytes;
    this.#at = at;
    this.#slots = slots;
  }

  read(kind: FieldKind): unknown {
    switch (kind) {
      case 'string':
        return this.#strings()[0];
      case 'strings':
        return this.#strings();
      case 'u32':
        return Number(this.#number());
      case 'u64':
        return this.#number();
      case 'u32s':
        return this.#numbers();
      case 'flag':
        return this.#number() === 1n;
      case 'slot':
      case 'slot?':
      case 'out': {
        const slot = BigInt.asIntN(64, this.#number());
        return slot === noSlot ? undefined : this.#slots[Number(slot)];
      }
      default:
        return kind satisfies never;
    }
  }

  #number(): bigint {
    const value = this.#bytes.readBigUInt64LE(this.#at);
    this.#at += 8;
    return value;
  }

  #strings(): string[] {
    const count = this.#bytes.readUInt32LE(this.#at);
    const length = this.#bytes.readUInt32LE(this.#at + 4);
    const text = this.#bytes.toString('utf8', this.#at + 8, this.#at + 8 + length);
    this.#at += align(8 + length);
    return count === 0 ? [] : text.slice(0, -1).split('\0');
  }

  #numbers(): number[] {
    const count = this.#bytes.readUInt32LE(this.#at);
    const values: number[] = [];
    for (let i = 0; i < count; i += 1) {
      values.push(this.#bytes.readUInt32LE(this.#at + 8 + i * 4));
    }
    this.#at += align(8 + count * 4);
    return values;
  }
}
