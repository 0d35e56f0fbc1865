import {expect, test} from 'vitest';
import {hostSecrets} from './secrets.ts';

test('the list of secrets holds absolute paths, each once, and password hashes first', () => {
  expect(hostSecrets[0]).toBe('/etc/shadow');
  expect(hostSecrets.every((path) => /^\/(etc|var)\/[\w./-]+$/.test(path))).toBe(true);
  expect(new Set(hostSecrets).size).toBe(hostSecrets.length);
});

test('what keeps this engine’s own containers is one of them', () => {
  expect(hostSecrets).toContain('/var/lib/minicontainer');
});
