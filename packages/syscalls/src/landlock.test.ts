import {release} from 'node:os';
import {expect, test} from 'vitest';
import {landlockVersion} from './landlock.ts';

test('the version of Landlock is a small number, and 0 before Linux 5.13', () => {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const version = landlockVersion();
  expect(Number.isInteger(version)).toBe(true);
  expect(version).toBeGreaterThanOrEqual(0);
  if (major < 5 || (major === 5 && minor < 13)) expect(version).toBe(0);
});
