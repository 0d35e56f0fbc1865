import {expect, it} from 'vitest';
import {parseContentRange, parseUploadRange} from './blob-range.ts';

it.each([
  ['bytes 100-199/200', {first: 100, last: 199, size: 200}],
  ['Bytes 0-0/1', {first: 0, last: 0, size: 1}],
  ['bytes 5-9/*', {first: 5, last: 9, size: undefined}],
  ['bytes */200', undefined],
  ['bytes 9-5/200', undefined],
  ['bytes 5-200/200', undefined],
  ['bytes=5-9/200', undefined],
  ['items 5-9/200', undefined],
  ['bytes -5-9/200', undefined],
  ['bytes 5-99999999999999999999/*', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads the Content-Range %j', (header, expected) => {
  expect(parseContentRange(header)).toEqual(expected);
});

it.each([
  ['0-1023', 1024],
  ['bytes=0-1023', 1024],
  ['0-0', undefined],
  ['5-9', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads the Range of an upload %j', (header, expected) => {
  expect(parseUploadRange(header)).toBe(expected);
});
