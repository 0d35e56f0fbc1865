import {inspect} from 'node:util';
import {describe, expect, it} from 'vitest';
import {MinicontainerError} from './index.ts';

describe('MinicontainerError', () => {
  it('exits with 125 unless it says otherwise', () => {
    expect(new MinicontainerError('ESPEC', 'no').exitCode).toBe(125);
    expect(new MinicontainerError('ENOTFOUND', 'no', {exitCode: 127}).exitCode).toBe(127);
  });

  it('keeps code, message, hint and cause', () => {
    const cause = new Error('underneath');
    const error = new MinicontainerError('EMOUNT', 'cannot mount /x', {hint: 'try /y', cause});
    expect(error).toBeInstanceOf(Error);
    expect({...error}).toMatchObject({code: 'EMOUNT', hint: 'try /y', name: 'MinicontainerError'});
    expect(error.message).toBe('cannot mount /x');
    expect(error.cause).toBe(cause);
    expect(String(error)).toBe('MinicontainerError: cannot mount /x');
  });

  it('has neither hint nor cause when none is given', () => {
    const error = new MinicontainerError('ESPEC', 'no');
    expect('hint' in error).toBe(false);
    expect('cause' in error).toBe(false);
    expect(inspect(error)).not.toContain('hint');
  });
});
