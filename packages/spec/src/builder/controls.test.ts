import {describe, expect, it} from 'vitest';
import {buildSpec} from './build.ts';
import {defaultMaskedPaths, defaultReadonlyPaths} from './paths.ts';

const least = {args: ['sh'], rootPath: '/srv/rootfs'};

describe('the controls of a container', () => {
  it('are in their places', () => {
    const spec = buildSpec({
      ...least,
      domainname: 'example',
      sysctl: {'net.ipv4.ip_forward': '1'},
      apparmorProfile: 'profile',
      selinuxLabel: 'a:b:c:s0',
      mountLabel: 'a:b:d:s0',
      procOptions: ['hidepid=2'],
    });
    expect(spec).toMatchObject({
      domainname: 'example',
      process: {apparmorProfile: 'profile', selinuxLabel: 'a:b:c:s0'},
      linux: {sysctl: {'net.ipv4.ip_forward': '1'}, mountLabel: 'a:b:d:s0'},
    });
    const proc = spec.mounts?.find(({destination}) => destination === '/proc');
    expect(proc?.options).toEqual(['nosuid', 'noexec', 'nodev', 'hidepid=2']);
  });

  it.each<[string[], string[]]>([
    [[], []],
    [['ALL'], [...defaultMaskedPaths, ...defaultReadonlyPaths]],
    [
      ['/proc/keys', '/proc/sys'],
      ['/proc/keys', '/proc/sys'],
    ],
    [['/proc/timer_*'], ['/proc/timer_list', '/proc/timer_stats']],
    [['/sys/*/'], defaultMaskedPaths.filter((path) => path.startsWith('/sys/'))],
    [['/proc/sys-'], []],
    [['/proc/ke.s'], []],
  ])('unmasked by %j are %j', (unmask, open) => {
    const {linux} = buildSpec({...least, unmask, maskedPaths: ['/proc/keys/own']});
    const hidden = [...(linux?.maskedPaths ?? []), ...(linux?.readonlyPaths ?? [])];
    const all = [...defaultMaskedPaths, ...defaultReadonlyPaths];
    expect(all.filter((path) => !hidden.includes(path)).sort()).toEqual(open.toSorted());
    expect(hidden).toContain('/proc/keys/own');
  });

  it.each([
    [{unmask: ['proc/keys']}, 'ALL or absolute'],
    [{domainname: 'x'.repeat(65)}, '64 bytes'],
    [{sysctl: {'a\0': 'b'}}, 'NUL'],
    [{sysctl: {'': ''}}, 'no name'],
    [{apparmorProfile: 'a\0b'}, 'NUL'],
  ])('are not %j', (changes, message) => {
    expect(() => buildSpec({...least, ...changes})).toThrow(message);
  });
});
