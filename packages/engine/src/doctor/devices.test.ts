import {expect, test} from 'vitest';
import {judgeDefaultDevices, judgeTerminals} from './devices.ts';
import {judgeResourceLimits} from './resource-limits.ts';

const devices = {
  '/dev/null': 0x103,
  '/dev/zero': 0x105,
  '/dev/full': 0x107,
  '/dev/random': 0x108,
  '/dev/urandom': 0x109,
  '/dev/tty': 0x500,
};

test('devices that are all there are told by name', () => {
  expect(judgeDefaultDevices(devices)).toMatchObject({
    ok: true,
    found: expect.stringMatching(/^null .* tty$/),
  });
});

test.each([undefined, 0x101])('a device that is %s is missing, with how to make it', (number) => {
  expect(judgeDefaultDevices({...devices, '/dev/full': number})).toMatchObject({
    ok: false,
    found: expect.stringMatching(/^\/dev\/full: /),
    fix: 'as root: rm -f /dev/full && mknod -m 666 /dev/full c 1 7',
  });
});

test.each([
  [{devpts: false, used: 0, most: 10}, false],
  [{devpts: true, used: 10, most: 10}, 'warn'],
  [{devpts: true, used: 3, most: 10}, true],
])('terminals %j are %s', (terminals, ok) => {
  const check = judgeTerminals(terminals);
  expect(check.ok).toBe(ok);
  expect(check.fix === undefined).toBe(ok === true);
});

const limits = (files: string) => `Limit  Soft Limit  Hard Limit  Units
Max file size             unlimited            unlimited            bytes
Max processes             96365                96365                processes
Max open files            1024                 ${files}                files
Max address space         unlimited            unlimited            bytes`;

test('hard limits are told, and with what to do where they are low', () => {
  expect(judgeResourceLimits(limits('524288'), 'ann')).toMatchObject([
    {name: 'rlimits', ok: true, found: expect.stringMatching(/nofile 524288, nproc 96365$/)},
  ]);
  expect(judgeResourceLimits(limits('1024'), 'ann')).toMatchObject([
    {
      name: 'rlimit nofile',
      ok: 'warn',
      fix: expect.stringMatching(/'ann hard nofile 524288' >> \/etc\/security\/limits.conf/),
    },
  ]);
});
