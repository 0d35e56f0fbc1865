import {describe, expect, test} from 'vitest';
import {checkLandlock, checkProtections, checkSeccomp} from './protections.ts';

describe('what a kernel can confine with', () => {
  test('is told for each layer', () => {
    expect(checkProtections().map(({name}) => name)).toEqual(['seccomp', 'Landlock']);
  });

  test.each([
    ['kill_process trap errno user_notif trace log allow', true],
    ['kill_thread trap errno trace allow', 'warn'],
    [undefined, false],
  ])('filters that can %s are %s', (actions, ok) => {
    const check = checkSeccomp(actions);
    expect(check.ok).toBe(ok);
    expect(check.fix === undefined).toBe(ok === true);
  });

  test.each([
    [0, 'warn'],
    [1, 'warn'],
    [2, true],
    [7, true],
  ])('Landlock of version %d is %s', (version, ok) => {
    const check = checkLandlock(version);
    expect(check.ok).toBe(ok);
    expect(check.fix === undefined).toBe(ok === true);
  });
});
