/** `struct bpf_insn`. @see linux/bpf.h, instruction-set.rst */
export interface Instruction {
  readonly code: number;
  readonly destination: number;
  readonly source: number;
  readonly offset: number;
  readonly immediate: number;
}

export function loadWord(destination: number, source: number, offset: number): Instruction {
  return {code: 0x61, destination, source, offset, immediate: 0};
}

/** 32 bits wide, and the upper half becomes zero. */
export function andImmediate(destination: number, immediate: number): Instruction {
  return {code: 0x54, destination, source: 0, offset: 0, immediate};
}

export function shiftRight(destination: number, immediate: number): Instruction {
  return {code: 0x74, destination, source: 0, offset: 0, immediate};
}

export function move(destination: number, source: number): Instruction {
  return {code: 0xbf, destination, source, offset: 0, immediate: 0};
}

export function moveImmediate(destination: number, immediate: number): Instruction {
  return {code: 0xb7, destination, source: 0, offset: 0, immediate};
}

/** Skips `skip` instructions; 32 bits wide: at 64 the immediate has a sign, and no number of 2^31 equals it. */
export function jumpIfEqual(register: number, immediate: number, skip: number): Instruction {
  return {code: 0x16, destination: register, source: 0, offset: skip, immediate};
}

export function jumpIfNotEqual(register: number, immediate: number, skip: number): Instruction {
  return {code: 0x56, destination: register, source: 0, offset: skip, immediate};
}

export const exit: Instruction = {code: 0x95, destination: 0, source: 0, offset: 0, immediate: 0};

/** Two words an instruction: code, registers and offset; then the immediate. */
export function words(program: readonly Instruction[]): number[] {
  return program.flatMap(({code, destination, source, offset, immediate}) => [
    (code | (destination << 8) | (source << 12) | (offset << 16)) >>> 0,
    immediate >>> 0,
  ]);
}
