import {expect, test} from 'vitest';
import {probeSystemCall} from './probe.ts';

test.each([
  'open_tree',
  'pidfd_open',
  'clone3',
  'close_range',
  'openat2',
  'mount_setattr',
] as const)(
  '%s is there on a kernel that runs containers, and asking for it does nothing',
  (name) => {
    expect(probeSystemCall(name)).toBe('there');
  },
);
