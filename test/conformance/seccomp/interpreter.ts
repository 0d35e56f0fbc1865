/** What a program judges. @see seccomp(2), struct seccomp_data */
export interface Call {
  readonly architecture: number;
  readonly number: number;
  readonly args: readonly bigint[];
}

interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly k: number;
}

export type Program = readonly Instruction[];

export function readProgram(bytes: Uint8Array): Program {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({length: bytes.length / 8}, (_, index) => ({
    code: view.getUint16(index * 8, true),
    whenTrue: view.getUint8(index * 8 + 2),
    whenFalse: view.getUint8(index * 8 + 3),
    k: view.getUint32(index * 8 + 4, true),
  }));
}

/** What classic BPF comes to for a call, as the kernel runs it; any instruction it refuses is an error. */
export function run(program: Program, call: Call): number {
  let accumulator = 0;
  let at = 0;
  for (;;) {
    const instruction = program[at];
    if (instruction === undefined) throw new Error(`ran to ${at} of ${program.length}`);
    const {code, k} = instruction;
    const jump = (holds: boolean) => (holds ? instruction.whenTrue : instruction.whenFalse);
    at += 1;
    if (code === 0x20) accumulator = load(call, k);
    else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
    else if (code === 0x05) at += k;
    else if (code === 0x15) at += jump(accumulator === k);
    else if (code === 0x25) at += jump(accumulator > k);
    else if (code === 0x35) at += jump(accumulator >= k);
    else if (code === 0x45) at += jump((accumulator & k) !== 0);
    else if (code === 0x06) return k;
    else throw new Error(`instruction 0x${code.toString(16)} at ${at - 1}`);
  }
}

function load({architecture, number, args}: Call, offset: number): number {
  if (offset === 0) return number >>> 0;
  if (offset === 4) return architecture >>> 0;
  const argument = args[(offset - 16) >> 3];
  if (offset < 16 || offset % 4 !== 0 || argument === undefined) throw new Error(`word ${offset}`);
  return Number((offset % 8 === 0 ? argument : argument >> 32n) & 0xffff_ffffn);
}
