import {MinicontainerError} from '@minicontainer/errors';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {decodePlan} from './decode.ts';
import {encodePlan} from './encode.ts';
import {operation} from './plan.ts';

const bytes = encodePlan({
  operations: [
    operation(
      'prepare',
      'openTree',
      {root: undefined, path: '/srv', recursive: true, device: 0n, to: 'root'},
      'why',
      {optional: ['ENOENT'], else: 1},
    ),
    operation('enter', 'useIds', {uid: 1, gid: 2, groups: [3, 4]}, 'why'),
    operation('exec', 'execute', {argv: ['sh', '-c'], env: ['A=b'], search: '/bin'}, 'why'),
  ],
  seal: true,
});

function changed(at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(value, at);
  return copy;
}

describe('what is no plan', () => {
  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a header cut short', bytes.subarray(0, 31)],
    ['another magic number', changed(0, 0)],
    ['another version', changed(4, bytes.readUInt32LE(4) + 1)],
    ['an unknown operation', changed(32 + 4, 0xffff)],
    ['more records than bytes', changed(12, 0xfffffff8)],
    ['a record of no length', changed(32, 0)],
    ['a record cut short', changed(32, 8)],
    ['records cut short', bytes.subarray(0, 80)],
    ['notes cut short', bytes.subarray(0, -1)],
  ])('is refused by name: %s', (_, some) => {
    expect(codeOf(some)).toBe('EPLAN');
  });

  test('is refused, or read as another plan, wherever a byte is changed', () => {
    fc.assert(
      fc.property(fc.nat({max: bytes.length - 1}), fc.nat({max: 255}), (at, value) => {
        const copy = Buffer.from(bytes);
        copy[at] = value;
        expect([undefined, 'EPLAN']).toContain(codeOf(copy));
      }),
      {numRuns: 1000},
    );
  });
});

function codeOf(some: Buffer): string | undefined {
  try {
    decodePlan(some);
  } catch (error) {
    if (error instanceof MinicontainerError) return error.code;
    throw error;
  }
  return undefined;
}
