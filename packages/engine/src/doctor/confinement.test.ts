import {describe, expect, test} from 'vitest';
import {judgeCapabilities} from './capabilities.ts';
import {judgeKeyring} from './keyring.ts';
import {judgeLandlock} from './landlock.ts';
import {judgeActions, judgeMachine} from './seccomp.ts';
import {judgeSecurityModules} from './security-modules.ts';

describe('what a kernel can confine with', () => {
  test.each([
    ['kill_process trap errno user_notif trace log allow', true],
    ['kill_thread trap errno trace allow', 'warn'],
    [undefined, false],
  ])('filters that can %s are %s', (actions, ok) => {
    const check = judgeActions(actions);
    expect(check.ok).toBe(ok);
    expect(check.fix === undefined).toBe(ok === true);
  });

  test('a machine whose system calls nobody has written down has no default filter', () => {
    expect(judgeMachine('x64', true)).toMatchObject({ok: true});
    expect(judgeMachine('riscv64', false)).toMatchObject({
      ok: false,
      fix: expect.stringMatching(/unconfined/),
    });
  });

  test.each([
    [0, 'warn'],
    [1, 'warn'],
    [2, true],
    [7, true],
  ])('Landlock of version %d is %s', (version, ok) => {
    const check = judgeLandlock(version);
    expect(check.ok).toBe(ok);
    expect(check.fix === undefined).toBe(ok === true);
  });

  test('Landlock that knows no abstract sockets says so', () => {
    expect(judgeLandlock(5).found).toMatch(/abstract sockets/);
    expect(judgeLandlock(6).found).not.toMatch(/abstract sockets/);
  });
});

describe('modules of the kernel', () => {
  test('that are there are told with the label that containers have', () => {
    const checks = judgeSecurityModules({
      list: 'lockdown,capability,landlock,apparmor',
      apparmor: true,
      selinux: 'absent',
      label: 'unconfined',
    });
    expect(checks.map(({found}) => found)).toEqual([
      expect.stringMatching(/^enabled: containers have unconfined/),
      expect.stringMatching(/^not enabled/),
      'lockdown capability landlock apparmor',
    ]);
  });

  test('may be permissive, or none', () => {
    const none = {list: undefined, apparmor: false, selinux: 'absent', label: undefined} as const;
    expect(judgeSecurityModules(none)).toHaveLength(2);
    const [, selinux] = judgeSecurityModules({...none, selinux: 'permissive', label: 'a_t\0'});
    expect(selinux?.found).toMatch(/^permissive: containers have a_t,/);
  });
});

describe('capabilities', () => {
  const status = (mask: string) => `CapEff:\t${mask}\nCapBnd:\t${mask}\n`;

  test('are all there in a user namespace', () => {
    expect(judgeCapabilities('user', status('0000000000000000')).ok).toBe(true);
  });

  test.each([
    ['000001ffffffffff', true, /^all can be had$/],
    ['000001fffeffffff', true, /--privileged, SYS_RESOURCE$/],
    ['000001fffffffffe', 'warn', /lacks CHOWN,/],
  ])('of root with %s: %s', (mask, ok, found) => {
    expect(judgeCapabilities('root', status(mask))).toMatchObject({
      ok,
      found: expect.stringMatching(found),
    });
  });
});

describe('a session keyring', () => {
  const users = '    0:    10 9/9 4/1000000 127/25000000\n 1001:     2 2/2 200/200 28/20000';

  test.each([
    [undefined, users, true],
    [1000, users, true],
    [1001, users, 'warn'],
    [1001, undefined, true],
  ])('for %s is %s', (uid, text, ok) => {
    const check = judgeKeyring(uid, text);
    expect(check.ok).toBe(ok);
    expect(check.fix === undefined).toBe(ok === true);
  });
});
