import {MinicontainerError} from '@minicontainer/errors';

/** A value in a JSON document, and where it stands, to say what is wrong with it there. */
export class Json {
  readonly #value: unknown;
  readonly place: string;

  constructor(value: unknown, place = '') {
    this.#value = value;
    this.place = place;
  }

  /** @throws {MinicontainerError} `ESECCOMP` when it is no JSON */
  static parse(text: string): Json {
    try {
      return new Json(JSON.parse(text));
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : String(cause);
      throw new MinicontainerError('ESECCOMP', `seccomp profile: not JSON: ${what}`, {cause});
    }
  }

  /** A field of an object; undefined where it is not there, or null, as Go writes what is empty. */
  field(name: string): Json | undefined {
    const value: unknown = Object.getOwnPropertyDescriptor(this.#object(), name)?.value;
    if (value === undefined || value === null) return undefined;
    return new Json(value, `${this.place}/${name}`);
  }

  required(name: string, expected: string): Json {
    const field = this.field(name);
    if (field !== undefined) return field;
    throw new MinicontainerError(
      'ESECCOMP',
      `seccomp profile: ${this.place}/${name}: expected ${expected}, found nothing`,
    );
  }

  items(): Json[] {
    if (!Array.isArray(this.#value)) this.refuse('an array');
    return this.#value.map((item: unknown, index) => new Json(item, `${this.place}/${index}`));
  }

  string(): string {
    if (typeof this.#value !== 'string') this.refuse('a string');
    return this.#value;
  }

  /** A string that is a key of a table. */
  key<Key extends string>(table: Readonly<Record<Key, unknown>>, expected: string): Key {
    const text = this.string();
    if (!isKey(table, text)) this.refuse(expected);
    return text;
  }

  integer(minimum: number, maximum: number): number {
    const value = this.#value;
    if (typeof value === 'number' && value > Number.MAX_SAFE_INTEGER) {
      this.refuse('an integer up to 2^53 - 1, as JavaScript rounds larger ones');
    }
    if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum)
      this.refuse(`an integer from ${minimum} to ${maximum}`);
    return value;
  }

  refuse(expected: string): never {
    const found = JSON.stringify(this.#value);
    const short = found.length > 60 ? `${found.slice(0, 60)}…` : found;
    const place = this.place === '' ? 'the whole' : this.place;
    throw new MinicontainerError(
      'ESECCOMP',
      `seccomp profile: ${place}: expected ${expected}, found ${short}`,
    );
  }

  #object(): object {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.refuse('an object');
    }
    return value;
  }
}

function isKey<Key extends string>(
  table: Readonly<Record<Key, unknown>>,
  text: string,
): text is Key {
  return Object.hasOwn(table, text);
}
