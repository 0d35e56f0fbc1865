import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseChallenges} from './challenge.ts';

function plain(header: string | string[] | undefined) {
  return parseChallenges(header).map(({scheme, parameters}) => [
    scheme,
    Object.fromEntries(parameters),
  ]);
}

describe('parseChallenges', () => {
  it('reads what Docker Hub says', () => {
    expect(
      plain(
        'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/debian:pull"',
      ),
    ).toEqual([
      [
        'bearer',
        {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:library/debian:pull',
        },
      ],
    ]);
  });

  it('leaves commas, equal signs and escaped quotes inside of quotes alone', () => {
    expect(plain('bearer realm="a, b=\\"c\\"", scope="repository:x:pull,push"')).toEqual([
      ['bearer', {realm: 'a, b="c"', scope: 'repository:x:pull,push'}],
    ]);
  });

  it('tells several challenges in one line apart', () => {
    expect(plain('Basic realm="x", Bearer realm=y,service="z" , Negotiate, Digest abc==')).toEqual([
      ['basic', {realm: 'x'}],
      ['bearer', {realm: 'y', service: 'z'}],
      ['negotiate', {}],
      ['digest', {}],
    ]);
  });

  it('reads several lines', () => {
    expect(plain(['Negotiate', 'Basic realm="Registry Realm"'])).toEqual([
      ['negotiate', {}],
      ['basic', {realm: 'Registry Realm'}],
    ]);
  });

  it('takes names in any case, blanks around the equal sign, and the first of two values', () => {
    expect(plain('BASIC Realm = "a" , REALM="b"')).toEqual([['basic', {realm: 'a'}]]);
  });

  it.each([undefined, '', ' , ,', '"', '=', 'realm="x"'])('finds none in %j', (header) => {
    expect(plain(header)).toEqual([]);
  });

  it('keeps what stands before something unreadable', () => {
    expect(plain('Basic realm="x", {broken')).toEqual([['basic', {realm: 'x'}]]);
    expect(plain('Basic realm="never ends')).toEqual([['basic', {}]]);
  });

  it('never throws and never takes long', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 200}), (text) => {
        expect(Array.isArray(parseChallenges(text))).toBe(true);
      }),
    );
    const started = performance.now();
    parseChallenges(`Bearer ${'a="'.repeat(100_000)}`);
    parseChallenges(`Bearer ${'\\"'.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('reads back every value that was quoted', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const escaped = value.replace(/["\\]/g, '\\$&');
        fc.pre(!/[\n\r\u2028\u2029]/.test(value));
        expect(plain(`Bearer realm="${escaped}", service=x`)).toEqual([
          ['bearer', {realm: value, service: 'x'}],
        ]);
      }),
    );
  });
});
