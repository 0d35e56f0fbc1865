import {MinicontainerError} from '@minicontainer/errors';
import {Announced} from './entry/announced.ts';
import {displayName} from './entry/display-name.ts';
import type {TarHeader} from './entry/header.ts';
import {resolveHeader, type TarDraft} from './entry/resolve.ts';
import {blockSize, fields, isZero, paddingOf} from './header/block.ts';
import {checkSum} from './header/checksum.ts';
import {readName} from './header/name.ts';
import {readCount} from './header/numbers.ts';
import {defaultLimits, type TarLimits} from './limits.ts';
import {refuse, TarRefusal} from './refusal.ts';
import {SparseCollector, type SparseSource} from './sparse/collect.ts';

/** Who is told what an archive holds, in its order. */
export interface TarHandler {
  header(header: TarHeader): void;
  /** A part of the bytes written to the parser, not a copy: gone when they are reused. */
  data(chunk: Buffer): void;
  endOfEntry(): void;
}

/** A whole block of 512 bytes that comes next, and what it is. */
type BlockState = 'header' | 'extension' | 'map';
type State = BlockState | 'metadata' | 'data' | 'padding' | 'end';

const sparseFlag = 0x53; // S

/**
 * Reads an archive as it comes, in pieces of any size, and copies no data.
 *
 * What a handler throws passes through. After an error there is nothing more to write.
 */
export class TarParser {
  readonly #handler: TarHandler;
  readonly #limits: TarLimits;
  readonly #announced = new Announced();
  #state: State = 'header';
  /** Of the archive, read so far. */
  #offset = 0;
  /** Where the entry, or what is said before it, begins. */
  #entryOffset = 0;
  #entryName = '';
  readonly #block = Buffer.allocUnsafe(blockSize);
  /** Bytes of `#block` that are there. */
  #filled = 0;
  #metadata = Buffer.alloc(0);
  #metadataFlag = 0;
  /** Bytes of metadata or of data to come, and of what fills their last block up. */
  #remaining = 0;
  #padding = 0;
  /** Bytes behind the end mark. */
  #trailing = 0;
  #sparse: SparseCollector | undefined;

  constructor(handler: TarHandler, limits: Partial<TarLimits> = {}) {
    this.#handler = handler;
    this.#limits = {...defaultLimits, ...limits};
  }

  /**
   * @throws {MinicontainerError} `ETAR` for what is no archive, or more than the limits allow; it names
   * the entry and its offset
   */
  write(chunk: Buffer): void {
    const before = this.#offset;
    try {
      for (let at = 0; at < chunk.length; this.#offset = before + at) at = this.#take(chunk, at);
    } catch (error) {
      throw error instanceof TarRefusal ? this.#place(error) : error;
    }
  }

  /** Says that nothing follows. @throws {MinicontainerError} `ETAR` where something is missing */
  end(): void {
    if (this.#state === 'end') return;
    // What only fills the last block up is a part of the end, and umoci leaves both out.
    if (this.#state === 'padding' && this.#limits.endMayBeMissing && !this.#announced.isPending)
      return;
    if (this.#state !== 'header' || this.#filled > 0 || this.#announced.isPending) {
      throw this.#place(new TarRefusal('is cut off'));
    }
    if (this.#limits.endMayBeMissing) return;
    const what =
      this.#offset === 0
        ? 'the tar archive is empty'
        : `the tar archive ends at byte ${this.#offset} without its end mark`;
    throw new MinicontainerError('ETAR', what, {hint: 'it was cut off: make or fetch it anew'});
  }

  #take(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'data':
        return this.#takeData(chunk, at);
      case 'padding':
        return this.#takePadding(chunk, at);
      case 'metadata':
        return this.#takeMetadata(chunk, at);
      case 'end':
        this.#trailing += chunk.length - at;
        if (this.#trailing > this.#limits.trailingBytes) {
          refuse(`has more than ${this.#limits.trailingBytes} bytes behind its end mark`);
        }
        if (isZero(chunk, at, chunk.length)) return chunk.length;
        return refuse('has something behind its end mark');
      default:
        return this.#takeBlock(this.#state, chunk, at);
    }
  }

  #takeBlock(state: BlockState, chunk: Buffer, at: number): number {
    if (this.#filled === 0 && chunk.length - at >= blockSize) {
      this.#readBlock(state, chunk, at, this.#offset);
      return at + blockSize;
    }
    const taken = chunk.copy(this.#block, this.#filled, at);
    this.#filled += taken;
    if (this.#filled === blockSize) {
      this.#filled = 0;
      this.#readBlock(state, this.#block, 0, this.#offset + taken - blockSize);
    }
    return at + taken;
  }

  #readBlock(state: BlockState, block: Buffer, start: number, offset: number): void {
    if (state === 'header') this.#readHeader(block, start, offset);
    else if (this.#sparse !== undefined) {
      this.#continue(this.#sparse, this.#sparse.readBlock(state, block, start));
    }
  }

  #readHeader(block: Buffer, start: number, offset: number): void {
    if (!this.#announced.isPending) {
      this.#entryOffset = offset;
      this.#entryName = '';
    }
    if (block[start] === 0 && isZero(block, start, start + blockSize)) {
      if (this.#announced.isPending) refuse('is missing behind what was said of it');
      // The second zero block says nothing more, and some writers leave it out.
      this.#state = 'end';
      return;
    }
    checkSum(block, start);
    const flag = block[start + fields.typeflag[0]] ?? 0;
    if (Announced.isFlag(flag)) this.#beginMetadata(block, start, flag);
    else this.#beginEntry(block, start, flag);
  }

  #beginMetadata(block: Buffer, start: number, flag: number): void {
    const size = readCount(block, start + fields.size[0], fields.size[1], 'size');
    if (size > this.#limits.metadataBytes) {
      refuse(`has a header of ${size} bytes; at most ${this.#limits.metadataBytes} are read`);
    }
    this.#metadata = Buffer.allocUnsafe(size);
    this.#metadataFlag = flag;
    this.#remaining = size;
    this.#padding = paddingOf(size);
    this.#state = 'metadata';
    if (size === 0) this.#endMetadata();
  }

  #takeMetadata(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#metadata, this.#metadata.length - this.#remaining, at);
    this.#remaining -= taken;
    if (this.#remaining === 0) this.#endMetadata();
    return at + taken;
  }

  #endMetadata(): void {
    this.#announced.read(this.#metadataFlag, this.#metadata);
    this.#entryName = this.#announced.name;
    this.#endContent();
  }

  #beginEntry(block: Buffer, start: number, flag: number): void {
    const {pax, long} = this.#announced.take();
    this.#entryName ||= readName(block, start);
    const draft = resolveHeader(block, start, pax, long, this.#limits);
    this.#padding = paddingOf(draft.size);
    if (pax.sparse === undefined && flag !== sparseFlag) {
      this.#endHeader(draft);
      return;
    }
    this.#sparse = new SparseCollector(draft, this.#limits.sparseRegions);
    const {sparse} = pax;
    const source =
      sparse === undefined
        ? this.#sparse.readHeader(block, start)
        : this.#sparse.readRecords(sparse);
    this.#continue(this.#sparse, source);
  }

  #continue(sparse: SparseCollector, source: SparseSource): void {
    if (source === 'complete') this.#endHeader(sparse.draft);
    else this.#state = source;
  }

  #endHeader(draft: TarDraft): void {
    this.#sparse = undefined;
    this.#entryName = draft.path;
    this.#remaining = draft.size;
    this.#state = 'data';
    this.#handler.header(draft);
    if (draft.size === 0) this.#endEntry();
  }

  #takeData(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#remaining);
    this.#remaining -= end - at;
    this.#handler.data(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    if (this.#remaining === 0) this.#endEntry();
    return end;
  }

  #endEntry(): void {
    this.#endContent();
    this.#handler.endOfEntry();
  }

  #endContent(): void {
    this.#state = this.#padding > 0 ? 'padding' : 'header';
  }

  #takePadding(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#padding, chunk.length - at);
    this.#padding -= taken;
    this.#endContent();
    return at + taken;
  }

  #place({message}: TarRefusal): MinicontainerError {
    if (this.#state === 'end') return new MinicontainerError('ETAR', `the tar archive ${message}`);
    const name = this.#entryName === '' ? '' : ` ${displayName(this.#entryName)}`;
    return new MinicontainerError(
      'ETAR',
      `tar entry${name} at byte ${this.#entryOffset} ${message}`,
    );
  }
}
