import {describe, expect, it} from 'vitest';
import {
  capabilityBits,
  capabilityMask,
  capabilityNames,
  defaultCapabilities,
  isCapabilityName,
} from './table.ts';

describe('the table of capabilities', () => {
  it('has each bit once, from 0 on', () => {
    expect(capabilityNames.map((name) => capabilityBits[name])).toEqual([...Array(41).keys()]);
  });

  it('makes masks as proc(5) has them', () => {
    expect(capabilityMask([])).toBe(0n);
    expect(capabilityMask(capabilityNames)).toBe(0x1ffffffffffn);
    // What `grep CapBnd /proc/self/status` says in a container of Podman's.
    expect(capabilityMask(defaultCapabilities)).toBe(0x800405fbn);
  });

  it('knows its names from those of every object', () => {
    expect(isCapabilityName('CAP_BPF')).toBe(true);
    expect(isCapabilityName('constructor')).toBe(false);
    expect(isCapabilityName('__proto__')).toBe(false);
  });
});
