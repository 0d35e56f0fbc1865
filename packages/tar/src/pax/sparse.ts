import {parseCount} from '../header/numbers.ts';
import {refuse} from '../refusal.ts';

/**
 * What a PAX header says of a sparse file, in GNU's versions 0.0 (one record per number), 0.1 (one
 * record for all), 1.0 (numbers at the beginning of the data).
 *
 * @see GNU tar manual, "Storing Sparse Files"
 */
export class SparseRecords {
  name?: string;
  fileSize?: number;
  /** Offset and length of each piece, in turn. */
  pairs: number[] = [];
  #version: {major?: number; minor?: number} = {};
  #count?: number;

  take(key: string, value: string): void {
    const field = key.slice('GNU.sparse.'.length);
    switch (field) {
      case 'name':
        if (value === '' || value.includes('\0')) refuse('has a sparse file without a proper name');
        this.name = value;
        break;
      case 'size':
      case 'realsize':
        this.fileSize = parseCount(value, 'sparse size');
        break;
      case 'major':
      case 'minor':
        this.#version[field] = parseCount(value, 'version of a sparse map');
        break;
      case 'numblocks':
        this.#count = parseCount(value, 'number of sparse pieces');
        break;
      case 'offset':
      case 'numbytes':
        this.#takeOne(field === 'offset' ? 0 : 1, value);
        break;
      case 'map':
        this.pairs = value === '' ? [] : value.split(',').map((part) => number(part));
        break;
    }
  }

  /** Whether the map stands in the data. @throws {TarRefusal} for one that is not complete */
  get inData(): boolean {
    const {major = 0, minor = 0} = this.#version;
    if (major === 1 && minor === 0) return true;
    if (major !== 0 || minor > 1) refuse(`has a sparse map of version ${major}.${minor}`);
    if (
      this.pairs.length % 2 !== 0 ||
      (this.#count ?? this.pairs.length / 2) * 2 !== this.pairs.length
    ) {
      refuse('has a sparse map with a wrong number of pieces');
    }
    return false;
  }

  // An offset without its length, or the other way around, is out of turn.
  #takeOne(turn: 0 | 1, value: string): void {
    if (this.pairs.length % 2 !== turn) refuse('has a sparse map with a piece that is incomplete');
    this.pairs.push(number(value));
  }
}

function number(text: string): number {
  return parseCount(text, 'number in its sparse map');
}
