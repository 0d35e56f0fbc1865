import {type PaxFields, readGlobalPax, readPax} from '../pax/fields.ts';
import type {LongNames} from './resolve.ts';

const flags = new Map<number, 'x' | 'g' | 'L' | 'K'>([
  [0x78, 'x'],
  [0x67, 'g'],
  [0x4c, 'L'],
  [0x4b, 'K'],
]);

/** What headers before an entry say of it: those of PAX, and GNU's long names. */
export class Announced {
  #global: PaxFields = {};
  #pax: PaxFields | undefined;
  #path: string | undefined;
  #linkPath: string | undefined;

  /** Whether a type flag is that of such a header. */
  static isFlag(typeflag: number): boolean {
    return flags.has(typeflag);
  }

  /** Whether an entry must follow. */
  get isPending(): boolean {
    return this.#pax !== undefined || this.#path !== undefined || this.#linkPath !== undefined;
  }

  /** The entry's name, as far as it was said. */
  get name(): string {
    return this.#path ?? this.#pax?.path ?? '';
  }

  read(typeflag: number, data: Buffer): void {
    switch (flags.get(typeflag)) {
      case 'x':
        this.#pax = readPax(data, this.#global);
        break;
      case 'g':
        this.#global = readGlobalPax(data, this.#global);
        break;
      case 'L':
        this.#path = untilNul(data);
        break;
      case 'K':
        this.#linkPath = untilNul(data);
        break;
    }
  }

  /** Hands over what is said of the next entry, and forgets what was for it alone. */
  take(): {pax: PaxFields; long: LongNames} {
    const pax = this.#pax ?? this.#global;
    const long = {path: this.#path, linkPath: this.#linkPath};
    this.#pax = undefined;
    this.#path = undefined;
    this.#linkPath = undefined;
    return {pax, long};
  }
}

function untilNul(data: Buffer): string {
  const end = data.indexOf(0);
  return data.toString('latin1', 0, end === -1 ? data.length : end);
}
