import {describe, expect, inject, test} from 'vitest';

const {kernel, outcomes, problem} = inject('firstGuest');

describe(`on Linux ${kernel} with cgroup v2 alone`, () => {
  for (const {name, failure} of outcomes) {
    test(name, () => {
      expect(failure).toBe('');
    });
  }

  test('the guest runs all of its checks and powers itself off', () => {
    expect(problem).toBe('');
  });
});
