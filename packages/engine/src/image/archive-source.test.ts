import {expect, it} from 'vitest';
import {parseArchiveSource} from './archive-source.ts';

it.each([
  ['oci:./layout', {form: 'oci', path: './layout'}],
  ['oci:/a/layout:1.0', {form: 'oci', path: '/a/layout', wanted: '1.0'}],
  ['oci-archive:x.tar:latest', {form: 'oci', path: 'x.tar', wanted: 'latest'}],
  ['docker-archive:x.tar', {form: 'docker', path: 'x.tar'}],
  [
    'docker-archive:x.tar:localhost:5000/a:b',
    {form: 'docker', path: 'x.tar', wanted: 'localhost:5000/a:b'},
  ],
])('%s names an image in an archive', (text, source) => {
  expect(parseArchiveSource(text)).toEqual(source);
});

it.each(['debian', 'debian:12', 'localhost:5000/oci:1', 'oci', 'sha256:abc', 'docker://debian'])(
  '%s does not',
  (text) => {
    expect(parseArchiveSource(text)).toBeUndefined();
  },
);

it('refuses a source without a path', () => {
  expect(() => parseArchiveSource('oci:')).toThrow('"oci:" names no file');
});
