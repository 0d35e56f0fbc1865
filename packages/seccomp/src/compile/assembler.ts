/** Where a jump goes: to an instruction, or out of the program with a value. */
export type Target =
  | {readonly kind: 'instruction'; readonly at: number}
  | {readonly kind: 'return'; readonly value: number};

/** Comparisons with the accumulator. @see linux/bpf_common.h */
export type Jump = 'equal' | 'greater' | 'greaterOrEqual';

const jumps: Readonly<Record<Jump, number>> = {equal: 0x15, greater: 0x25, greaterOrEqual: 0x35};
const jumpAlways = 0x05;
const loadWord = 0x20;
const andWith = 0x54;
const returnConstant = 0x06;
const bytesPerInstruction = 8;

// Conditional jumps reach over 255 instructions; some are kept for what is yet put between.
const reach = 250;

interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly k: number;
}

/**
 * Writes a program of classic BPF from its end to its beginning.
 *
 * It only knows jumps forward, so what is written first is what later instructions jump to. An
 * instruction is named by how many there are from it to the end.
 */
export class Assembler {
  readonly #backwards: Instruction[] = [];
  readonly #returns = new Map<number, number>();

  get length(): number {
    return this.#backwards.length;
  }

  /** Loads a word of `struct seccomp_data`, then goes on with what was written last. */
  load(offset: number): Target {
    return this.#push({code: loadWord, whenTrue: 0, whenFalse: 0, k: offset});
  }

  /** Keeps only these bits, then goes on with what was written last. */
  and(mask: number): Target {
    return this.#push({code: andWith, whenTrue: 0, whenFalse: 0, k: mask});
  }

  jump(comparison: Jump, k: number, whenTrue: Target, whenFalse: Target): Target {
    const positive = this.#near(whenTrue);
    const negative = this.#near(whenFalse);
    return this.#push({
      code: jumps[comparison],
      whenTrue: this.length - positive,
      whenFalse: this.length - negative,
      k,
    });
  }

  /** `struct sock_filter`, little-endian. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.length * bytesPerInstruction);
    const view = new DataView(bytes.buffer);
    let at = bytes.length;
    for (const {code, whenTrue, whenFalse, k} of this.#backwards) {
      at -= bytesPerInstruction;
      view.setUint16(at, code, true);
      view.setUint8(at + 2, whenTrue);
      view.setUint8(at + 3, whenFalse);
      view.setUint32(at + 4, k, true);
    }
    return bytes;
  }

  /** An instruction within reach that is the target, or leads to it. */
  #near(target: Target): number {
    const at = target.kind === 'return' ? this.#returns.get(target.value) : target.at;
    if (at !== undefined && this.length - at <= reach) return at;
    if (target.kind === 'return') {
      const {length} = this;
      this.#push({code: returnConstant, whenTrue: 0, whenFalse: 0, k: target.value});
      this.#returns.set(target.value, length + 1);
      return length + 1;
    }
    this.#push({code: jumpAlways, whenTrue: 0, whenFalse: 0, k: this.length - target.at});
    return this.length;
  }

  #push(instruction: Instruction): Target {
    return {kind: 'instruction', at: this.#backwards.push(instruction)};
  }
}
