import type {DeviceRule} from '@minicontainer/spec';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {defaultDeviceRules} from './defaults.ts';
import {compileDeviceFilter} from './filter.ts';

interface Request {
  readonly type: 'c' | 'b';
  readonly major: number;
  readonly minor: number;
  /** Some of `rwm`. */
  readonly access: string;
}

const number = fc.constantFrom(0, 1, 3, 255, 4095, 1_048_575, 0x7fff_ffff, 0x8000_0000);
const access = fc.subarray(['r', 'w', 'm'], {minLength: 1}).map((letters) => letters.join(''));
const rule: fc.Arbitrary<DeviceRule> = fc.record(
  {
    allow: fc.boolean(),
    type: fc.constantFrom('a' as const, 'c' as const, 'b' as const),
    major: fc.oneof(fc.constant(-1), number),
    minor: fc.oneof(fc.constant(-1), number),
    access,
  },
  {requiredKeys: ['allow', 'access']},
);
const request: fc.Arbitrary<Request> = fc.record({
  type: fc.constantFrom('c' as const, 'b' as const),
  major: number,
  minor: number,
  access,
});

describe('compileDeviceFilter', () => {
  it('decides as the last rule that names each access does, whatever the rules', () => {
    fc.assert(
      fc.property(fc.array(rule, {maxLength: 8}), fc.array(request), (rules, requests) => {
        const program = compileDeviceFilter(rules);
        for (const asked of requests) {
          expect(interpret(program, asked), JSON.stringify(asked)).toBe(judge(rules, asked));
        }
      }),
      {numRuns: 2000},
    );
  });

  it.each([
    ['nothing where there are no rules', [], 'c 1:3 r', false],
    ['all where a rule says so', [{allow: true, access: 'rwm'}], 'b 8:0 rwm', true],
    [
      'nothing behind a rule that denies all, by its first words alone',
      [{allow: true, access: 'rwm'}, {allow: false}],
      'c 1:3 m',
      false,
    ],
    [
      'no reading and writing where only writing is denied',
      [
        {allow: true, type: 'c', access: 'rwm'},
        {allow: false, type: 'c', major: 1, minor: 3, access: 'w'},
      ],
      'c 1:3 rw',
      false,
    ],
    [
      'reading there',
      [
        {allow: true, type: 'c', access: 'rwm'},
        {allow: false, type: 'c', major: 1, minor: 3, access: 'w'},
      ],
      'c 1:3 r',
      true,
    ],
    [
      'both, where one rule is for each',
      [
        {allow: true, type: 'c', major: 1, access: 'r'},
        {allow: true, type: 'c', minor: 3, access: 'w'},
      ],
      'c 1:3 rw',
      true,
    ],
    [
      'no block device of the same number',
      [{allow: true, type: 'c', major: 1, minor: 3, access: 'rwm'}],
      'b 1:3 r',
      false,
    ],
  ] as const)('allows %s', (_, rules, text, allowed) => {
    const asked = requestOf(text);
    expect(interpret(compileDeviceFilter(rules), asked)).toBe(allowed);
    expect(judge(rules, asked)).toBe(allowed);
  });

  it.each([
    ['c 1:3 rwm', true],
    ['c 5:1 rw', true],
    ['c 136:17 rwm', true],
    ['c 10:229 m', true],
    ['b 8:0 m', true],
    ['c 10:229 r', false],
    ['c 1:1 r', false],
    ['b 8:0 rm', false],
    ['b 1:3 r', false],
  ])('by default %s is %s', (text, allowed) => {
    expect(interpret(compileDeviceFilter(defaultDeviceRules), requestOf(text))).toBe(allowed);
  });

  it('leaves out what a later rule for everything makes void', () => {
    const nothing = compileDeviceFilter([]);
    expect(compileDeviceFilter([...defaultDeviceRules, {allow: false}])).toEqual(nothing);
  });

  it.each<[DeviceRule, RegExp]>([
    [{allow: true}, /\[0\]: allows, but says no access/],
    [{allow: true, access: 'rx'}, /\[0\]: "x" is no access/],
    [{allow: true, major: 2 ** 32, access: 'r'}, /\[0\]: 4294967296 is no number/],
    [{allow: false, minor: 1.5}, /\[0\]: 1.5 is no number/],
    [{allow: false, minor: -2}, /\[0\]: -2 is no number/],
  ])('refuses %j', (rule, message) => {
    expect(() => compileDeviceFilter([rule])).toThrow(message);
  });
});

/** What the rules mean, one access at a time. */
function judge(rules: readonly DeviceRule[], {type, major, minor, access}: Request): boolean {
  return [...access].every((letter) => {
    const fits = (one: DeviceRule) =>
      ['a', undefined, type].includes(one.type) &&
      [-1, undefined, major].includes(one.major) &&
      [-1, undefined, minor].includes(one.minor) &&
      (one.access ?? 'rwm').includes(letter);
    return rules.findLast(fits)?.allow === true;
  });
}

function requestOf(text: string): Request {
  const [, type, major, minor, access = ''] = /^(\w) (\d+):(\d+) (\w+)$/.exec(text) ?? [];
  return {type: type === 'b' ? 'b' : 'c', major: Number(major), minor: Number(minor), access};
}

/** What the kernel does with the program, as far as it goes. @see instruction-set.rst */
function interpret(program: readonly number[], {type, major, minor, access}: Request): boolean {
  const bits = {m: 1n, r: 2n, w: 4n};
  let accesses = 0n;
  for (const letter of ['m', 'r', 'w'] as const) {
    if (access.includes(letter)) accesses |= bits[letter];
  }
  const context = [(accesses << 16n) | (type === 'b' ? 1n : 2n), BigInt(major), BigInt(minor)];
  const registers: bigint[] = Array.from({length: 11}, () => 0xdead_beef_dead_beefn);
  for (let at = 0; ; at++) {
    const word = program[2 * at];
    const immediateWord = program[2 * at + 1];
    if (word === undefined || immediateWord === undefined) throw new Error(`no instruction ${at}`);
    const code = word & 0xff;
    const destination = (word >> 8) & 0xf;
    const source = registers[(word >> 12) & 0xf] ?? 0n;
    const offset = (word >> 16) & 0xffff;
    const immediate = BigInt.asUintN(64, BigInt.asIntN(32, BigInt(immediateWord)));
    const value = registers[destination] ?? 0n;
    switch (code) {
      case 0x61:
        registers[destination] = context[offset / 4] ?? 0n;
        break;
      case 0x54:
        registers[destination] = BigInt.asUintN(32, value & immediate);
        break;
      case 0x74:
        registers[destination] = BigInt.asUintN(32, value) >> immediate;
        break;
      case 0xbf:
        registers[destination] = source;
        break;
      case 0xb7:
        registers[destination] = immediate;
        break;
      case 0x16:
        if (BigInt.asUintN(32, value ^ immediate) === 0n) at += offset;
        break;
      case 0x56:
        if (BigInt.asUintN(32, value ^ immediate) !== 0n) at += offset;
        break;
      case 0x95:
        return registers[0] === 1n;
      default:
        throw new Error(`unknown instruction ${code}`);
    }
  }
}
