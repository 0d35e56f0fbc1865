import type {Call} from './interpreter.ts';
import {audit} from './new-calls.ts';

const x32Bit = 0x4000_0000;
const high = 1n << 32n;

/** Every number that could be a call's, and those around what sets kinds of them apart. */
export const numbers: readonly number[] = [
  ...range(0, 600),
  ...range(x32Bit, x32Bit + 600),
  ...range(0x0f_0000, 0x0f_0010),
  ...[600, 1000, 4095, 0xffff, 0x0e_ffff, 0x10_0000, 0x7f_ffff, x32Bit - 1].flatMap((number) => [
    number,
    number + x32Bit,
    number + 2 * x32Bit,
    number + 3 * x32Bit,
  ]),
  0x7fff_ffff,
  0x8000_0000,
  0xbfff_ffff,
  0xc000_0000,
  0xffff_fffe,
  0xffff_ffff,
];

/** The four that there are programs for, and some that no machine here has. */
export const architectures: readonly number[] = [...Object.values(audit), 0, 8, 0xc000_00f3, 22];

/** Where a comparison of this value could go wrong: next to it, with bits above and below. */
export function around(value: bigint): bigint[] {
  const all = [
    value,
    value - 1n,
    value + 1n,
    value ^ high,
    value | (high << 31n),
    value + high,
    value - high,
    value & 0xffff_ffffn,
    (value & 0xffff_ffffn) | 0xffff_ffff_0000_0000n,
    value << 32n,
    ~value,
  ];
  return [...new Set(all.map((one) => BigInt.asUintN(64, one)))];
}

/** What the default profile's arguments are compared with, and the single bits of its mask. */
export const remarkable: readonly bigint[] = [
  ...new Set(
    [
      ...[0n, 8n, 37n, 38n, 39n, 40n, 41n, 0x2_0000n, 0x2_0008n, 0xffff_ffffn, 0x7e02_0000n],
      ...Array.from({length: 64}, (_, bit) => 1n << BigInt(bit)),
    ].flatMap(around),
  ),
];

/** All calls of these numbers with each value in each of the arguments. */
export function* callsWith(
  architecture: number,
  number: number,
  values: readonly bigint[],
): Generator<Call> {
  for (const value of values) {
    yield {architecture, number, args: [value, 0n, 0n, 0n, 0n, 0n]};
    yield {architecture, number, args: [0n, value, 0n, value, 0n, value]};
  }
}

function range(from: number, to: number): number[] {
  return Array.from({length: to - from}, (_, index) => from + index);
}
