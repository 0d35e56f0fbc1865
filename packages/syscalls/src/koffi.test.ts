import {describe, expect, it} from 'vitest';
import {loadNative, loadPackage} from './koffi.ts';

describe('koffi', () => {
  it('is found without its own JavaScript, in the place that this version has it', () => {
    const native = loadNative();
    expect(native).toBeDefined();
    expect(native?.load(null).func('getpid', 'int', [])()).toBe(process.pid);
  });

  it('is found by its own JavaScript too, for other platforms', () => {
    expect(loadPackage().load(null).func('getpid', 'int', [])()).toBe(process.pid);
  });
});
