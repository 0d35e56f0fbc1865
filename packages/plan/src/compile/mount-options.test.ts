import {describe, expect, test} from 'vitest';
import {
  type MountOptions,
  mountAttribute,
  parseMountOptions,
  propagationFlag,
} from './mount-options.ts';

const nothing: MountOptions = {
  bind: false,
  recursiveBind: false,
  set: 0n,
  clear: 0n,
  recursiveFlags: false,
  propagation: 0n,
  recursivePropagation: false,
  data: [],
};
const {readOnly, noSuid, noDev, noExec, atime, noAtime, strictAtime, noDirAtime, noSymFollow} =
  mountAttribute;

describe('mount options', () => {
  test.each<[string, Partial<MountOptions>]>([
    ['', {data: ['']}],
    ['ro', {set: readOnly}],
    ['rw', {clear: readOnly}],
    ['ro,rw', {clear: readOnly}],
    ['rw,ro', {set: readOnly}],
    ['nosuid,nodev,noexec', {set: noSuid | noDev | noExec}],
    ['nosuid,suid', {clear: noSuid}],
    ['dev,exec', {clear: noDev | noExec}],
    ['nosymfollow,nodiratime', {set: noSymFollow | noDirAtime}],
    ['symfollow,diratime', {clear: noSymFollow | noDirAtime}],
    ['noatime', {set: noAtime, clear: atime}],
    ['noatime,strictatime', {set: strictAtime, clear: atime}],
    ['noatime,relatime', {clear: atime}],
    ['ratime,rnorelatime,rnostrictatime', {}],
    ['bind', {bind: true}],
    ['rbind', {bind: true, recursiveBind: true}],
    ['rbind,bind', {bind: true}],
    ['rro', {set: readOnly, recursiveFlags: true}],
    ['rnosuid,rnoexec', {set: noSuid | noExec, recursiveFlags: true}],
    ['rrw', {clear: readOnly, recursiveFlags: true}],
    ['private', {propagation: propagationFlag.private}],
    ['rslave', {propagation: propagationFlag.slave, recursivePropagation: true}],
    ['runbindable', {propagation: propagationFlag.unbindable, recursivePropagation: true}],
    ['shared,slave', {propagation: propagationFlag.slave}],
    ['rshared,private', {propagation: propagationFlag.private}],
    ['defaults,async,atime,norelatime,nostrictatime', {}],
    ['size=64m,mode=1777', {data: ['size=64m', 'mode=1777']}],
    ['newinstance,ptmxmode=0666', {data: ['newinstance', 'ptmxmode=0666']}],
    ['toString', {data: ['toString']}],
    ['rtoString,__proto__,r', {data: ['rtoString', '__proto__', 'r']}],
    ['RO', {data: ['RO']}],
  ])('"%s"', (options, expected) => {
    expect(parseMountOptions(options.split(','))).toEqual({...nothing, ...expected});
  });

  test('none set nothing', () => {
    expect(parseMountOptions([])).toEqual(nothing);
  });
});
