import {MinicontainerError} from '@minicontainer/errors';
import type {DeviceRule} from '@minicontainer/spec';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {defaultDeviceRules} from './defaults.ts';
import {deviceEntries} from './entries.ts';

const linesOf = (rules: readonly DeviceRule[]) =>
  deviceEntries(rules).map(({file, value}) => `${file.slice('devices.'.length)} ${value}`);

describe('deviceEntries', () => {
  it('denies everything, then allows what every container has', () => {
    expect(linesOf(defaultDeviceRules)).toEqual([
      'deny a',
      'allow c *:* m',
      'allow b *:* m',
      'allow c 1:3 rwm',
      'allow c 1:5 rwm',
      'allow c 1:7 rwm',
      'allow c 1:8 rwm',
      'allow c 1:9 rwm',
      'allow c 5:0 rwm',
      'allow c 5:1 rwm',
      'allow c 5:2 rwm',
      'allow c 136:* rwm',
    ]);
  });

  it.each<[string, readonly DeviceRule[], string[]]>([
    ['nothing to say twice', [{allow: false, access: 'rwm'}, {allow: false}], ['deny a']],
    ['everything', [{allow: true, type: 'a', access: 'rwm'}], ['deny a', 'allow a']],
    [
      '`a` of a number, which to the kernel would be everything',
      [{allow: true, type: 'a', major: 1, minor: 3, access: 'r'}],
      ['deny a', 'allow c 1:3 r', 'allow b 1:3 r'],
    ],
    [
      'an access taken back',
      [
        {allow: true, type: 'c', major: 1, minor: 3, access: 'rwm'},
        {allow: false, type: 'c', major: 1, minor: 3, access: 'w'},
      ],
      ['deny a', 'allow c 1:3 rwm', 'deny c 1:3 w'],
    ],
    [
      'a wide rule that takes back narrow ones, which the kernel would pass over',
      [
        {allow: true, type: 'c', major: 1, minor: 3, access: 'rwm'},
        {allow: true, type: 'c', major: 1, minor: 5, access: 'r'},
        {allow: true, type: 'b', major: 1, minor: 5, access: 'r'},
        {allow: false, type: 'c', major: 1, access: 'rw'},
      ],
      [
        'deny a',
        'allow c 1:3 rwm',
        'allow c 1:5 r',
        'allow b 1:5 r',
        'deny c 1:3 rw',
        'deny c 1:5 r',
      ],
    ],
    [
      'exceptions from everything',
      [
        {allow: true, access: 'rwm'},
        {allow: false, type: 'b', access: 'w'},
        {allow: true, type: 'b', access: 'w'},
      ],
      ['deny a', 'allow a', 'deny b *:* w', 'allow b *:* w'],
    ],
  ])('%s', (_, rules, lines) => {
    expect(linesOf(rules)).toEqual(lines);
  });

  it('refuses to take something out of a wider rule: the kernel would not', () => {
    const rules: DeviceRule[] = [
      {allow: true, type: 'c', major: 1, access: 'rwm'},
      {allow: false, type: 'c', major: 1, minor: 3, access: 'w'},
    ];
    expect(() => deviceEntries(rules)).toThrow(
      expect.objectContaining({
        code: 'EDEVICE',
        message: 'linux.resources.devices[1]: cgroup v1 cannot take c 1:3 w out of c 1:* rwm',
      }),
    );
  });

  it('never allows what the rules deny, for all rules that it takes', () => {
    const number = fc.constantFrom(undefined, 1, 2);
    const access = fc.subarray(['r', 'w'], {minLength: 1}).map((letters) => letters.join(''));
    const rule = fc
      .record({
        allow: fc.boolean(),
        type: fc.constantFrom('a', 'c', 'b'),
        major: number,
        minor: number,
        access,
      })
      .map(
        ({allow, type, major, minor, access}): DeviceRule => ({
          allow,
          type: type === 'c' || type === 'b' ? type : 'a',
          ...(major !== undefined && {major}),
          ...(minor !== undefined && {minor}),
          access,
        }),
      );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(rule, {maxLength: 6}), (rules) => {
        const kernel = new DevicesCgroup();
        try {
          for (const {file, value} of deviceEntries(rules)) kernel.write(file, value);
          taken++;
        } catch (error) {
          if (error instanceof MinicontainerError) return;
          throw error;
        }
        for (const type of ['c', 'b'] as const) {
          for (const [major, minor] of devices) {
            for (const letter of ['r', 'w']) {
              const last = rules.findLast(
                (one) =>
                  ['a', type].includes(one.type ?? 'a') &&
                  [undefined, major].includes(one.major) &&
                  [undefined, minor].includes(one.minor) &&
                  one.access?.includes(letter),
              );
              const allowed = kernel.allows(type, major, minor, letter);
              expect(allowed, `${type} ${major}:${minor} ${letter}`).toBe(last?.allow === true);
            }
          }
        }
      }),
      {numRuns: 1000},
    );
    expect(taken).toBeGreaterThan(100);
  });
});

const devices: readonly [number, number][] = [
  [1, 1],
  [1, 2],
  [2, 1],
  [3, 3],
];

/** security/device_cgroup.c: a default, and a list of exceptions by exact numbers. */
class DevicesCgroup {
  #allowed = true;
  readonly #exceptions = new Map<string, Set<string>>();

  write(file: string, value: string): void {
    const allow = file === 'devices.allow';
    if (value.startsWith('a')) {
      this.#allowed = allow;
      this.#exceptions.clear();
      return;
    }
    const [, device = '', access = ''] = /^(\w \S+) (\w+)$/.exec(value) ?? [];
    const known = this.#exceptions.get(device) ?? new Set();
    for (const letter of access) {
      if (allow === this.#allowed) known.delete(letter);
      else known.add(letter);
    }
    if (known.size > 0) this.#exceptions.set(device, known);
    else this.#exceptions.delete(device);
  }

  allows(type: string, major: number, minor: number, letter: string): boolean {
    const names = [`${major}:${minor}`, `${major}:*`, `*:${minor}`, '*:*'];
    const excepted = names.some((name) => this.#exceptions.get(`${type} ${name}`)?.has(letter));
    return excepted !== this.#allowed;
  }
}
