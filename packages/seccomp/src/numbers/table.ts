import type {KnownArchitecture} from '../architectures.ts';
import {aarch64} from './aarch64.ts';
import {arm} from './arm.ts';
import {notInX32, onlyInX32} from './x32.ts';
import {x86} from './x86.ts';
import {x86_64} from './x86-64.ts';

export type SyscallNumbers = ReadonlyMap<string, number>;

/** Set in the number of every x32 call; x86_64 reports the same architecture. */
export const x32Bit = 0x4000_0000;

/** Where arm's private calls begin (`set_tls` and others): its ordinary ones never come near. */
export const armPrivateCalls = 0x0f_0000;

const read: Readonly<Record<KnownArchitecture, () => SyscallNumbers>> = {
  SCMP_ARCH_X86_64: () => parse(x86_64),
  SCMP_ARCH_X86: () => parse(x86),
  SCMP_ARCH_X32: readX32,
  SCMP_ARCH_AARCH64: () => parse(aarch64),
  SCMP_ARCH_ARM: () => parse(arm),
};

const tables = new Map<KnownArchitecture, SyscallNumbers>();

/**
 * Every system call of an architecture and its number, as the program of a filter sees it.
 *
 * Read when first asked for: most runs need one architecture, or a program that is ready.
 */
export function syscallNumbers(architecture: KnownArchitecture): SyscallNumbers {
  const table = tables.get(architecture) ?? read[architecture]();
  tables.set(architecture, table);
  return table;
}

const nine = '9'.charCodeAt(0);

/** Names in order; a number before one says where it stands. */
function parse(text: string, numbers = new Map<string, number>()): Map<string, number> {
  let next = 0;
  for (const word of text.trim().split(/\s/)) {
    if (word.charCodeAt(0) <= nine) next = Number(word);
    else {
      numbers.set(word, next);
      next += 1;
    }
  }
  return numbers;
}

function readX32(): SyscallNumbers {
  const numbers = parse(x86_64);
  for (const name of notInX32.trim().split(/\s/)) numbers.delete(name);
  parse(onlyInX32, numbers);
  for (const [name, number] of numbers) numbers.set(name, number + x32Bit);
  return numbers;
}
