import {MinicontainerError} from '@minicontainer/errors';
import {afterEach, describe, expect, it} from 'vitest';
import {validateSpec} from './index.ts';

const brackets = 200_000;
const long = 'x'.repeat(1_000_000);
const minimal = '"ociVersion":"1.0.0","root":{"path":"rootfs"}';

/** JSON that an attacker could leave as config.json. */
const hostile: readonly (readonly [string, string])[] = [
  ['null', 'null'],
  ['a number', '1e999'],
  ['a string', '"spec"'],
  ['an empty array', '[]'],
  ['an array for the specification', `[{${minimal}}]`],
  ['an empty object', '{}'],
  ['only a prototype', `{"__proto__":{${minimal}}}`],
  ['a root in the prototype', '{"ociVersion":"1.0.0","__proto__":{"root":{"path":"/"}}}'],
  [
    'a root whose path is in its prototype',
    '{"ociVersion":"1.0.0","root":{"__proto__":{"path":"/"}}}',
  ],
  ['an array for the root', '{"ociVersion":"1.0.0","root":["rootfs"]}'],
  ['null for an optional field', `{${minimal},"process":null}`],
  ['an array for a map', `{${minimal},"annotations":["a"]}`],
  ['an object for an array', `{${minimal},"mounts":{"0":{"destination":"/"},"length":1}}`],
  ['an object for a text', `{${minimal},"hostname":{"toString":"x"}}`],
  [
    'a text for a number',
    `{${minimal},"process":{"cwd":"/","args":["x"],"user":{"uid":"0","gid":0}}}`,
  ],
  [
    'a number beyond all doubles',
    `{${minimal},"process":{"cwd":"/","args":["x"],"oomScoreAdj":1e999}}`,
  ],
  ['a long key that is wrong', `{${minimal},"annotations":{"${long}":1}}`],
  ['a long text that is wrong', `{${minimal},"linux":{"namespaces":[{"type":"${long}"}]}}`],
  [
    'terminal escapes',
    `{${minimal},"linux":{"namespaces":[{"type":"\\u001b]0;x\\u0007\\u009b\\u202e"}]}}`,
  ],
  [
    'deep nesting where a field is known',
    `{${minimal},"root":${'['.repeat(brackets)}${']'.repeat(brackets)}}`,
  ],
  ['deep nesting where none is', `{${minimal},"x":${'['.repeat(brackets)}${']'.repeat(brackets)}}`],
  ['deep objects', `{${minimal},"x":${'{"y":'.repeat(brackets)}1${'}'.repeat(brackets)}}`],
];

describe('validateSpec, given what is hostile', () => {
  afterEach(() => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, 'root')).toBeUndefined();
  });

  it.each(hostile)('refuses %s in one short line', (_, json) => {
    const error = refusal(JSON.parse(json));
    expect(error).toMatchObject({code: 'ESPEC', exitCode: 125});
    expect(error.message).toMatch(/^config\.json: .*expected .*; found /);
    expect(error.message.length).toBeLessThan(700);
    expect(error.message).not.toMatch(/[\p{C}]/u);
  });

  it.each([
    ['a field of Object.prototype as name', '"annotations":{"constructor":"x","__proto__":"y"}'],
    [
      'thousands of entries',
      `"mounts":[${'{"destination":"/a"},'.repeat(9999)}{"destination":"/b"}]`,
    ],
    ['a text of megabytes', `"hostname":"h","annotations":{"a":"${'\\n'.repeat(4_000_000)}"}`],
    ['an own __proto__ beside', '"__proto__":{"isAdmin":true}'],
  ])('takes %s', (_, json) => {
    expect(() => validateSpec(JSON.parse(`{${minimal},${json}}`))).not.toThrow();
  });

  it('refuses what is no JSON', () => {
    class Root {
      path = 'rootfs';
    }
    const root = {path: 'rootfs'};
    expect(refusal({ociVersion: '1.0.0', root: new Root()}).message).toContain('plain objects');
    expect(refusal(Object.create({ociVersion: '1.0.0', root})).message).toContain('plain objects');
    expect(refusal({ociVersion: '1.0.0', root, hostname: Symbol('x')}).code).toBe('ESPEC');
    expect(refusal({ociVersion: '1.0.0', root, hostname: 1n}).code).toBe('ESPEC');
    const circular: Record<string, unknown> = {ociVersion: '1.0.0', root};
    circular.self = circular;
    expect(refusal(circular).message).toContain('at most 128 levels');
  });
});

function refusal(value: unknown): MinicontainerError {
  try {
    validateSpec(value);
  } catch (error) {
    if (error instanceof MinicontainerError) return error;
    throw error;
  }
  throw new Error('it was taken');
}
