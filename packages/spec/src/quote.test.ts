import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {quote} from './quote.ts';

describe('quote', () => {
  it('shows a short text as JSON has it', () => {
    expect(quote('a "b"\n')).toBe(String.raw`"a \"b\"\n"`);
  });

  it('cuts a long one', () => {
    expect(quote('abcdef', 3)).toBe('"abc…"');
  });

  it('leaves nothing that a terminal or an editor would obey', () => {
    expect(quote('\u001b[31m\u009b\u202e\u{e0001}\ud800')).toBe(
      String.raw`"\u001b[31m\u009b\u202e\udb40\udc01\ud800"`,
    );
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        expect(quote(text, Infinity)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(quote(text, Infinity))).toBe(text);
      }),
    );
  });
});
