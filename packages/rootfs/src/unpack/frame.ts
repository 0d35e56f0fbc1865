/** What nsexec is told to make (native/nsexec/src/unpack.h has the same letters). */
export const kinds = {
  end: 0,
  /** A directory that the archive describes. */
  directory: letter('d'),
  /** One that it does not, or not yet: made unless there is anything. */
  parent: letter('p'),
  file: letter('f'),
  symlink: letter('l'),
  hardlink: letter('h'),
  /** Or a pipe: `mode` says which. */
  device: letter('n'),
  whiteout: letter('w'),
  opaque: letter('o'),
  /** Gives a directory its times, when all in it is there. */
  settle: letter('t'),
  /** Makes a directory as the one of the layers below is. */
  inherit: letter('i'),
  /** Copies a file from the layers below. */
  copyUp: letter('c'),
} as const;

/** One entry of a layer, decided. Names are bytes, one for each character (latin1), without a leading slash. */
export interface Frame {
  readonly kind: Exclude<keyof typeof kinds, 'end'>;
  readonly path: string;
  readonly link?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeSeconds?: number;
  readonly mtimeNanoseconds?: number;
  readonly deviceMajor?: number;
  readonly deviceMinor?: number;
  /** Bytes of the file; its data follow, or with `sparse` those of its extents. */
  readonly fileSize?: number;
  readonly sparse?: readonly {readonly offset: number; readonly length: number}[];
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

const magic = 0x3155_434d; // "MCU1"
const headerBytes = 64;
const batchBytes = 256 * 1024;
/** Data below this are copied into the batch: each piece that is written costs a system call. */
const smallBytes = 32 * 1024;

function letter(character: string): number {
  return character.charCodeAt(0);
}

/** Writes bytes, and says when it needs them no more. */
type Write = (bytes: Buffer, done?: () => void) => void;

/** Frames and data as bytes, gathered into large pieces. Little-endian, nothing aligned. */
export class FrameWriter {
  readonly #write: Write;
  /** Batches that have been written. */
  readonly #free: Buffer[] = [];
  /** What a frame begins with, as words and as bytes. nsexec reads it as this machine's processor does. */
  readonly #words = new Uint32Array(headerBytes / 4);
  readonly #header = new Uint8Array(this.#words.buffer);
  #batch: Buffer = Buffer.allocUnsafeSlow(batchBytes);
  #at: number;

  constructor(write: Write) {
    this.#write = write;
    this.#at = this.#batch.writeUInt32LE(magic);
  }

  frame(frame: Frame): void {
    const xattrs = [...(frame.xattrs ?? [])];
    const extents = frame.sparse ?? [];
    const link = frame.link ?? '';
    const size =
      headerBytes +
      (frame.path.length + 1 + link.length + 1) +
      extents.length * 16 +
      xattrs.reduce((sum, [name, value]) => sum + 8 + name.length + 1 + value.length, 0);
    this.#reserve(size);
    const words = this.#words;
    words[0] = size;
    words[1] = kinds[frame.kind] | (frame.sparse === undefined ? 0 : 0x100) | (xattrs.length << 16);
    words[2] = frame.mode ?? 0;
    words[3] = frame.uid ?? 0;
    words[4] = frame.gid ?? 0;
    words[5] = frame.mtimeNanoseconds ?? 0;
    setInteger(words, 6, frame.mtimeSeconds ?? 0);
    words[8] = frame.deviceMajor ?? 0;
    words[9] = frame.deviceMinor ?? 0;
    setInteger(words, 10, frame.fileSize ?? 0);
    words[12] = frame.path.length;
    words[13] = link.length;
    words[14] = extents.length;
    const bytes = this.#batch;
    bytes.set(this.#header, this.#at);
    let at = this.#at + headerBytes;
    at = writeName(bytes, frame.path, at);
    at = writeName(bytes, link, at);
    for (const {offset, length} of extents) {
      at = writeInteger(bytes, offset, at);
      at = writeInteger(bytes, length, at);
    }
    for (const [name, value] of xattrs) {
      at = bytes.writeUInt32LE(name.length, at);
      at = bytes.writeUInt32LE(value.length, at);
      at = writeName(bytes, name, at);
      bytes.set(value, at);
      at += value.length;
    }
    this.#at = at;
  }

  /** Data of the file whose frame came last. */
  data(bytes: Buffer): void {
    if (bytes.length >= smallBytes) {
      this.flush();
      this.#write(bytes);
      return;
    }
    this.#reserve(bytes.length);
    this.#batch.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  end(): void {
    this.#reserve(headerBytes);
    this.#batch.fill(0, this.#at, this.#at + headerBytes);
    this.#at = this.#batch.writeUInt32LE(headerBytes, this.#at) + headerBytes - 4;
    this.flush();
  }

  flush(): void {
    if (this.#at === 0) return;
    const batch = this.#batch;
    this.#write(batch.subarray(0, this.#at), () => this.#free.push(batch));
    this.#batch = this.#free.pop() ?? Buffer.allocUnsafeSlow(batchBytes);
    this.#at = 0;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#batch.length) return;
    this.flush();
    if (bytes > this.#batch.length) this.#batch = Buffer.allocUnsafeSlow(bytes);
  }
}

function setInteger(words: Uint32Array, at: number, value: number): void {
  words[at] = value;
  words[at + 1] = Math.floor(value / 0x1_0000_0000);
}

/** 64 bits with a sign; numbers up to 2^53 are exact. */
function writeInteger(bytes: Buffer, value: number, at: number): number {
  bytes.writeUInt32LE(value >>> 0, at);
  return bytes.writeInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
}

function writeName(bytes: Buffer, name: string, at: number): number {
  bytes.write(name, at, 'latin1');
  return bytes.writeUInt8(0, at + name.length);
}
