import {describe, expect, it} from 'vitest';
import {registryErrors, registryWords} from './registry-words.ts';

describe('registryWords', () => {
  it.each([
    ['{"errors": [{"code": "DENIED", "message": "no", "detail": null}]}', 'no'],
    ['{"errors": [{"code": "DENIED"}]}', 'DENIED'],
    ['{"errors": [{"code": "X", "message": "", "detail": "more"}]}', 'more'],
    ['{"errors": []}', ''],
    ['{"errors": "none"}', ''],
    ['{"details": "incorrect username or password"}', 'incorrect username or password'],
    ['{"error": "invalid_grant", "error_description": "it has ended"}', 'it has ended'],
    ['{"message": {"not": "text"}}', ''],
    ['too many requests', 'too many requests'],
    ['<html><body>404</body></html>', ''],
    ['null', ''],
    ['[[[[', '[[[['],
    ['', ''],
  ])('of %s is %j', (body, words) => {
    expect(registryWords(body)).toBe(words);
  });

  it('takes no word from what an object inherits', () => {
    expect(registryWords('{"__proto__": {"message": "x"}}')).toBe('');
  });
});

it('has the codes of a few errors', () => {
  const errors = Array.from({length: 100}, (_, index) => ({code: `C${index}`, message: 'm'}));
  expect(registryErrors(JSON.stringify({errors}))).toHaveLength(10);
  expect(registryErrors('{"errors": [5, null, {"code": 7}]}')).toEqual([
    {code: '', message: ''},
    {code: '', message: ''},
    {code: '', message: ''},
  ]);
});
