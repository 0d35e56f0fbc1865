import {describe, expect, it} from 'vitest';
import {TypedLine} from './ask.ts';

describe('a line typed without the terminal’s help', () => {
  it('ends with Return, in however many pieces it comes', () => {
    const line = new TypedLine();
    expect(line.type('sec')).toBeUndefined();
    expect(line.type('ret\rmore')).toBe('secret');
  });

  it('can be corrected, by character and as a whole', () => {
    expect(new TypedLine().type('a😀\u007fb\u007f\u007f\u007f\u007fx\r')).toBe('x');
    expect(new TypedLine().type('wrong\u0015right\n')).toBe('right');
  });

  it('ends with Ctrl-D too, and Ctrl-C ends the program', () => {
    expect(new TypedLine().type('abc\u0004')).toBe('abc');
    expect(() => new TypedLine().type('abc\u0003')).toThrow('interrupted');
  });
});
