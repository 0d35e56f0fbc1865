import type {Mount} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {refuseFalseProc} from './refuse-proc.ts';

const bind = (destination: string, source: string): Mount => ({
  ...{destination, source, type: 'bind', options: ['rbind', 'ro']},
});

describe('a mount at or below /proc', () => {
  test.each<[string, Mount]>([
    ['a procfs', {destination: '/proc', type: 'proc', source: 'proc'}],
    ["the host's", bind('/proc', '/proc')],
    ['what lxcfs has', bind('/proc/meminfo', '/var/lib/lxcfs/proc/meminfo')],
    ['another name', bind('/process', '/tmp')],
    ['another place', bind('/host/proc', '/')],
  ])('is %s', (_, mount) => {
    expect(() => refuseFalseProc([mount])).not.toThrow();
  });

  test.each<[string, Mount]>([
    ['a tmpfs', {destination: '/proc', type: 'tmpfs', source: 'tmpfs'}],
    ['a directory', bind('/proc', '/tmp')],
    ['a directory behind a link of a procfs', bind('/proc', '/proc/self/cwd')],
    ['a directory whose name begins so', bind('/proc', '/proc.d')],
    ['a file on a label', bind('/proc/self/attr/exec', '/tmp/x')],
    ['a directory on sysctls', bind('/proc/sys', '/proc/sys')],
    ['so by another way to write it', bind('//proc/./self/../sys/', '/tmp')],
    ['another procfs below', {destination: '/proc/x', type: 'proc', source: 'proc'}],
  ])('is not %s', (_, mount) => {
    expect(() => refuseFalseProc([mount])).toThrow(/cannot be mounted: it is inside \/proc/);
  });
});
