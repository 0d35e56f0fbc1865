import {expect, it} from 'vitest';
import {keysFor, normalizeKey} from './auth-keys.ts';

it('looks for the repository, for what contains it, and for the registry', () => {
  expect(keysFor('quay.io:443', 'a/b/c')).toEqual([
    'quay.io:443/a/b/c',
    'quay.io:443/a/b',
    'quay.io:443/a',
    'quay.io:443',
  ]);
  expect(keysFor('docker.io', '')).toEqual(['docker.io']);
});

it.each([
  ['https://index.docker.io/v1/', 'docker.io'],
  ['index.docker.io', 'docker.io'],
  ['https://registry-1.docker.io', 'docker.io'],
  ['docker.io/library/debian', 'docker.io/library/debian'],
  ['https://quay.io/v2/', 'quay.io'],
  ['http://localhost:5000', 'localhost:5000'],
  ['quay.io/team/', 'quay.io/team'],
  ['localhost:5000/a', 'localhost:5000/a'],
])('takes %s for %s', (key, normalized) => {
  expect(normalizeKey(key)).toBe(normalized);
});
