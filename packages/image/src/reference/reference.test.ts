import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {familiarName, fullName, parseReference} from './reference.ts';

const sum = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** What a person writes, what it means, and how it is said back. */
const readable: readonly (readonly [text: string, full: string, familiar: string])[] = [
  ['debian', 'docker.io/library/debian:latest', 'debian:latest'],
  ['debian:12', 'docker.io/library/debian:12', 'debian:12'],
  ['library/debian:12', 'docker.io/library/debian:12', 'debian:12'],
  ['docker.io/debian:12', 'docker.io/library/debian:12', 'debian:12'],
  ['docker.io/library/debian', 'docker.io/library/debian:latest', 'debian:latest'],
  ['index.docker.io/debian', 'docker.io/library/debian:latest', 'debian:latest'],
  ['someone/tool', 'docker.io/someone/tool:latest', 'someone/tool:latest'],
  ['a/b/c/d', 'docker.io/a/b/c/d:latest', 'a/b/c/d:latest'],
  ['library/a/b', 'docker.io/library/a/b:latest', 'library/a/b:latest'],
  ['quay.io/podman/hello', 'quay.io/podman/hello:latest', 'quay.io/podman/hello:latest'],
  ['localhost/x', 'localhost/x:latest', 'localhost/x:latest'],
  ['localhost:5000/x:1', 'localhost:5000/x:1', 'localhost:5000/x:1'],
  ['127.0.0.1:5000/a/b', '127.0.0.1:5000/a/b:latest', '127.0.0.1:5000/a/b:latest'],
  ['[::1]:5000/x:1', '[::1]:5000/x:1', '[::1]:5000/x:1'],
  ['[fe80::1]/x', '[fe80::1]/x:latest', '[fe80::1]/x:latest'],
  ['host.example/x', 'host.example/x:latest', 'host.example/x:latest'],
  ['Host/x', 'Host/x:latest', 'Host/x:latest'],
  ['HOST:80/x', 'HOST:80/x:latest', 'HOST:80/x:latest'],
  [`debian@${sum}`, `docker.io/library/debian@${sum}`, `debian@${sum}`],
  [`debian:12@${sum}`, `docker.io/library/debian:12@${sum}`, `debian:12@${sum}`],
  [`localhost:5000/x@${sum}`, `localhost:5000/x@${sum}`, `localhost:5000/x@${sum}`],
  ['a.b_c__d-e---f', 'docker.io/library/a.b_c__d-e---f:latest', 'a.b_c__d-e---f:latest'],
  ['x:_.-A9', 'docker.io/library/x:_.-A9', 'x:_.-A9'],
  [`x:${'t'.repeat(128)}`, `docker.io/library/x:${'t'.repeat(128)}`, `x:${'t'.repeat(128)}`],
  ['cafe', 'docker.io/library/cafe:latest', 'cafe:latest'],
  ['localhost', 'docker.io/library/localhost:latest', 'localhost:latest'],
  ['x:5000', 'docker.io/library/x:5000', 'x:5000'],
];

const unreadable: readonly (readonly [text: string, fault: RegExp])[] = [
  ['', /it has no name/],
  [':tag', /it has no name/],
  ['@', /it has no name/],
  ['Debian', /lower case/],
  ['localhost/Debian', /lower case/],
  ['docker.io/A/b', /lower case/],
  ['x:', /its tag is empty/],
  [`x:${'t'.repeat(129)}`, /is no tag/],
  ['x:.a', /is no tag/],
  ['x:a b', /is no tag/],
  ['x:a\n', /is no tag/],
  ['a//b', /is no repository/],
  ['/a', /is no repository/],
  ['a/', /is no repository/],
  ['a..b', /is no repository/],
  ['a___b', /is no repository/],
  ['-a', /is no repository/],
  ['a-', /is no repository/],
  ['../../etc/passwd', /is no (?:host|repository)/],
  ['a/../b', /is no repository/],
  ['x\0y', /is no repository/],
  ['é', /is no repository/],
  ['host:port/x', /is no host/],
  ['ho_st.example/x', /is no host/],
  ['-host.example/x', /is no host/],
  ['[::1/x', /is no host/],
  ['http://host/x', /is no (?:host|repository|tag)/],
  ['0'.repeat(64), /id of an image/],
  [`host.example/${'a'.repeat(256)}`, /longer than 255/],
];

describe('parseReference', () => {
  it.each(readable)('takes %s for %s', (text, full, familiar) => {
    const reference = parseReference(text);
    expect(fullName(reference)).toBe(full);
    expect(familiarName(reference)).toBe(familiar);
  });

  it.each(unreadable)('refuses %j', (text, fault) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({code: 'EREFERENCE', message: expect.stringMatching(fault)}),
    );
  });

  it.each([
    ['x@sha256:abc', /has 3 digits and not 64/],
    [`x@sha256:${'A'.repeat(64)}`, /lower case/],
    [`x@md5:${'a'.repeat(32)}`, /algorithm that is not known/],
    ['x@latest', /has no algorithm/],
    [`x@sha256:../${'a'.repeat(61)}`, /lower case hexadecimal/],
    [`x@${sum}@${sum}`, /digits and not 64/],
  ])('says what is wrong with the digest of %s', (text, fault) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({code: 'EDIGEST', message: expect.stringMatching(fault)}),
    );
  });

  it('takes its own words for what they were', () => {
    fc.assert(
      fc.property(references, (reference) => {
        const full = fullName(reference);
        expect(fullName(parseReference(full))).toBe(full);
        expect(fullName(parseReference(familiarName(parseReference(full))))).toBe(full);
      }),
    );
  });

  it('refuses all else with an error of its own', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({unit: 'binary'}), scrambled), (text) => {
        let full: string;
        try {
          full = fullName(parseReference(text));
        } catch (error) {
          expect(error).toMatchObject({code: expect.stringMatching(/^(?:EREFERENCE|EDIGEST)$/)});
          return;
        }
        expect(full).toMatch(
          /^[a-zA-Z0-9.:[\]-]+(?:\/[a-z0-9._-]+)+(?::[\w.-]+)?(?:@sha\d+:[0-9a-f]+)?$/,
        );
        expect(full).not.toContain('..');
      }),
    );
  });
});

const word = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:[._]|__|-{1,3})[a-z0-9]{1,5}){0,2}$/);
const references = fc.record(
  {
    registry: fc.oneof(
      fc.constantFrom('docker.io', 'localhost', 'localhost:5000', '[::1]:5000', 'quay.io'),
      fc.stringMatching(/^[a-z0-9]{1,9}\.[a-z]{2,3}(?::[0-9]{2,4})?$/),
    ),
    repository: fc.array(word, {minLength: 2, maxLength: 4}).map((words) => words.join('/')),
    tag: fc.stringMatching(/^\w[\w.-]{0,20}$/),
    digest: fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}` as const),
  },
  {requiredKeys: ['registry', 'repository']},
);
const scrambled = fc
  .array(fc.constantFrom('a', 'B', '0', '/', ':', '@', '.', '-', '_', '[', ']', 'localhost', sum))
  .map((parts) => parts.join(''));
