import type {TarDraft} from '../entry/resolve.ts';
import {blockSize} from '../header/block.ts';
import type {SparseRecords} from '../pax/sparse.ts';
import {refuse} from '../refusal.ts';
import {readSparseBlock, readSparseSize, SparseMapText} from './blocks.ts';
import {sparseRegions} from './map.ts';

/** Where a map goes on: in an extension block, in a block of the data, or nowhere, being complete. */
export type SparseSource = 'extension' | 'map' | 'complete';

/** Gathers the map of one sparse file, block by block, into its draft. */
export class SparseCollector {
  readonly draft: TarDraft;
  readonly #limit: number;
  readonly #text: SparseMapText;
  readonly #pairs: number[] = [];

  constructor(draft: TarDraft, limit: number) {
    this.draft = draft;
    this.#limit = limit;
    this.#text = new SparseMapText(limit);
  }

  /** A header of type `S`. */
  readHeader(block: Buffer, start: number): SparseSource {
    this.draft.fileSize = readSparseSize(block, start);
    return this.#readPieces(block, start, 'header');
  }

  readRecords(sparse: SparseRecords): SparseSource {
    if (this.draft.type !== 'file') refuse('is sparse, but no file');
    this.draft.fileSize = sparse.fileSize ?? refuse('has a sparse map, but no size');
    return sparse.inData ? 'map' : this.#complete(sparse.pairs);
  }

  /** The block that `source` announced. */
  readBlock(source: 'extension' | 'map', block: Buffer, start: number): SparseSource {
    if (source === 'extension') return this.#readPieces(block, start, 'extension');
    if (this.draft.size < blockSize) refuse('has a sparse map longer than its data');
    this.draft.size -= blockSize;
    return this.#text.take(block, start) ? this.#complete(this.#text.pairs) : 'map';
  }

  #readPieces(block: Buffer, start: number, kind: 'header' | 'extension'): SparseSource {
    const more = readSparseBlock(block, start, kind, this.#pairs);
    this.#checkCount(this.#pairs);
    return more ? 'extension' : this.#complete(this.#pairs);
  }

  #complete(pairs: readonly number[]): SparseSource {
    this.#checkCount(pairs);
    this.draft.sparse = sparseRegions(pairs, this.draft.fileSize, this.draft.size);
    return 'complete';
  }

  #checkCount(pairs: readonly number[]): void {
    if (pairs.length / 2 > this.#limit) {
      refuse(`has a sparse map with more than ${this.#limit} pieces`);
    }
  }
}
