import {describe, expect, inject, test} from 'vitest';

/** Makes a test of each check that the guest has run, and one of the run as a whole. */
export function testEachCheck(host: string): void {
  const guest = inject('guest');
  const {kernel = '', outcomes = [], problem = ''} = guest ?? {};
  const place = guest === undefined ? `only root: Linux ${host}` : `on Linux ${kernel} ${host}`;
  describe.skipIf(guest === undefined)(place, () => {
    for (const {name, failure} of outcomes) {
      test(name, () => {
        expect(failure).toBe('');
      });
    }

    test('the guest runs all of its checks and powers itself off', () => {
      expect(problem).toBe('');
    });
  });
}
