/** Numbered fields of a message; one that is repeated stands more than once. */
export type Fields = readonly (readonly [number: number, value: Value])[];
type Value = string | number | Uint8Array | Fields;

/** @see https://protobuf.dev/programming-guides/encoding */
export function encodeMessage(fields: Fields): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number << 3), varint(value)];
      const bytes =
        typeof value === 'string' || value instanceof Uint8Array
          ? Buffer.from(value)
          : encodeMessage(value);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );
}

/** What stands in a message, by the number of the field: whole numbers, and bytes. */
export class Message {
  readonly #fields = new Map<number, number | Buffer>();

  constructor(bytes: Buffer) {
    for (let at = 0; at < bytes.length; ) {
      const [key, afterKey] = readVarint(bytes, at);
      const [number, afterNumber] = readVarint(bytes, afterKey);
      const isBytes = (key & 7) === 2;
      at = isBytes ? afterNumber + number : afterNumber;
      this.#fields.set(key >> 3, isBytes ? bytes.subarray(afterNumber, at) : number);
    }
  }

  /** What is 0 is not sent. */
  number(field: number): number {
    const value = this.#fields.get(field);
    return typeof value === 'number' ? value : 0;
  }

  text(field: number): string {
    return this.#bytes(field).toString('utf8');
  }

  message(field: number): Message {
    return new Message(this.#bytes(field));
  }

  #bytes(field: number): Buffer {
    const value = this.#fields.get(field);
    return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return Buffer.from([...bytes, left]);
}

function readVarint(bytes: Buffer, at: number): readonly [number, number] {
  let [value, factor, next] = [0, 1, at];
  for (;;) {
    const byte = bytes[next++] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, next];
    factor *= 128;
  }
}
