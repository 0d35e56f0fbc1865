import {describe, expect, it} from 'vitest';
import {nearest} from './nearest.ts';

const commands = ['run', 'explain', 'doctor', 'help', 'version'];

describe('nearest', () => {
  it.each([
    ['rnu', 'run'],
    ['Run', 'run'],
    ['runn', 'run'],
    ['explian', 'explain'],
    ['docter', 'doctor'],
    ['verison', 'version'],
  ])('%s is a slip for %s', (word, meant) => {
    expect(nearest(word, commands)).toBe(meant);
  });

  it.each(['pull', 'x', '', 'container'])('%s is a slip for none of them', (word) => {
    expect(nearest(word, commands)).toBeUndefined();
  });
});
