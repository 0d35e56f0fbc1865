import {constants} from 'node:os';
import {MinicontainerError} from '@minicontainer/errors';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {decodePlan} from './decode.ts';
import {encodePlan} from './encode.ts';
import type {FieldKind, OperationEntry} from './operation-entry.ts';
import {operations} from './operations.ts';
import {type ErrnoName, type Operation, operation, type Plan} from './plan.ts';
import type {Stage} from './stages.ts';

const text = fc
  .string({unit: 'binary', maxLength: 40})
  .map((value) => value.replaceAll('\0', '')) satisfies fc.Arbitrary<string>;
/** Filled by the first operation of every plan below, so that all others may use them. */
const slots = ['root', 'a/ü', ''];
const slot = fc.constantFrom(...slots);

const fields = {
  string: text,
  strings: fc.array(text, {maxLength: 5}),
  u32: fc.nat({max: 2 ** 32 - 1}),
  u64: fc.bigInt({min: 0n, max: 2n ** 64n - 1n}),
  u32s: fc.array(fc.nat({max: 2 ** 32 - 1}), {maxLength: 5}),
  flag: fc.boolean(),
  slot,
  'slot?': fc.option(slot, {nil: undefined}),
  out: slot,
} satisfies Record<FieldKind, fc.Arbitrary<unknown>>;

/** Two names of some errnos are one number; decoding gives the last of them. */
const errnoNames = [
  ...new Map(Object.entries(constants.errno).map(([name, number]) => [number, name])).values(),
] as ErrnoName[];

const anyOperation: fc.Arbitrary<Operation> = fc
  .constantFrom(...Object.entries<OperationEntry>(operations))
  .chain(([op, entry]) =>
    fc
      .record({
        stage: fc.constantFrom<Stage>(...entry.stages),
        args: fc.record(
          Object.fromEntries(
            Object.entries(entry.fields).map(([name, kind]) => [name, fields[kind]]),
          ),
        ),
        why: text,
        optional: fc.uniqueArray(fc.constantFrom(...errnoNames), {maxLength: 4}),
        else: fc.nat({max: 65_535}),
      })
      .map(({stage, args, why, optional, else: next}) => ({
        op,
        stage,
        args: {...args},
        why,
        ...(optional.length > 0 ? {optional} : {}),
        ...(next > 0 ? {else: next} : {}),
      })),
  ) as fc.Arbitrary<Operation>;

const filling = slots.map((to) =>
  operation(
    'prepare',
    'openTree',
    {root: undefined, path: '/', recursive: true, device: 0n, to},
    '',
  ),
);

describe('a plan as bytes', () => {
  test('decodes to what was encoded, whatever its operations', () => {
    const plans = fc.record({
      operations: fc
        .array(anyOperation, {maxLength: 12})
        .map((some) => [...filling, ...some] as readonly Operation[]),
      seal: fc.boolean(),
    });
    fc.assert(
      fc.property(plans, (plan) => {
        expect(decodePlan(encodePlan(plan))).toEqual(plan);
      }),
      {numRuns: 300},
    );
  });

  test.each<[string, Operation]>([
    ['no strings', operation('exec', 'execute', {argv: [], env: [], search: ''}, '')],
    ['empty strings', operation('exec', 'execute', {argv: ['', ''], env: [''], search: ''}, '')],
    ['no numbers', operation('enter', 'useIds', {uid: 0, gid: 4294967294, groups: []}, '')],
    [
      'no slot',
      operation(
        'prepare',
        'openTree',
        {root: undefined, path: '', recursive: false, device: 2n ** 64n - 1n, to: 'x'},
        'a reason with "quotes" and a newline\n',
      ),
    ],
  ])('holds %s', (_, single) => {
    const plan: Plan = {operations: [single], seal: false};
    expect(decodePlan(encodePlan(plan))).toEqual(plan);
  });

  test('is aligned to eight bytes in every record', () => {
    fc.assert(
      fc.property(anyOperation, (some) => {
        const bytes = encodePlan({operations: [...filling, some], seal: false});
        expect(bytes.readUInt32LE(12) % 8).toBe(0);
      }),
    );
  });
});

describe('no plan is made', () => {
  test('that uses a descriptor before it is there', () => {
    const early = operation('enter', 'pivotRoot', {root: 'root'}, '');
    expect(codeOf(() => encodePlan({operations: [early, ...filling], seal: false}))).toBe('EPLAN');
    expect(() => encodePlan({operations: [early], seal: false})).toThrow(
      'pivotRoot.root: no earlier operation fills slot "root"',
    );
  });

  test.each([
    operation('enter', 'setHostname', {name: 'a\0b'}, ''),
    operation('exec', 'execute', {argv: ['sh', '\0'], env: [], search: ''}, ''),
    operation('exec', 'execute', {argv: ['sh'], env: ['A=\0'], search: ''}, ''),
  ])('whose strings the kernel would cut at a NUL: $op', (some) => {
    expect(codeOf(() => encodePlan({operations: [some], seal: false}))).toBe('EPLAN');
  });

  test('that needs more descriptors than nsexec keeps', () => {
    const many = Array.from({length: 257}, (_, n) =>
      operation(
        'prepare',
        'openTree',
        {root: undefined, path: '/', recursive: true, device: 0n, to: String(n)},
        '',
      ),
    );
    expect(codeOf(() => encodePlan({operations: many.slice(1), seal: false}))).toBeUndefined();
    expect(codeOf(() => encodePlan({operations: many, seal: false}))).toBe('EPLAN');
  });
});

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof MinicontainerError) return error.code;
    throw error;
  }
  return undefined;
}
