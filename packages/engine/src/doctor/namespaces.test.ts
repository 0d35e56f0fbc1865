import {describe, expect, test} from 'vitest';
import {judgeNamespaces} from './namespaces.ts';
import {judgeUserNamespaces, type UserNamespaceFacts} from './user-namespaces.ts';

const free: UserNamespaceFacts = {
  uid: 1000,
  exists: true,
  most: 15_000,
  allowed: undefined,
  restricted: undefined,
  nested: false,
  nsexec: '/usr/lib/nsexec',
};

describe('user namespaces', () => {
  test('that nobody restricts are there', () => {
    expect(judgeUserNamespaces(free)).toMatchObject([
      {ok: true, found: 'up to 15000 for each user'},
    ]);
    const [nested] = judgeUserNamespaces({...free, nested: true});
    expect(nested?.found).toMatch(/inside of another/);
  });

  test.each<[string, Partial<UserNamespaceFacts>, boolean | 'warn', RegExp, RegExp]>([
    ['the kernel has none of', {exists: false}, false, /kernel has none/, /CONFIG_USER_NS/],
    ['a limit forbids', {most: 0}, false, /max_user_namespaces is 0/, /sysctl -p/],
    ['Debian keeps from a user', {allowed: 0}, false, /userns_clone is 0/, /userns_clone=1/],
    ['Debian leaves to root', {allowed: 0, uid: 0}, 'warn', /only root/, /userns_clone=1/],
    ['Debian keeps from nested root', {allowed: 0, uid: 0, nested: true}, false, /only root/, /./],
  ])('that %s are told with what to do', (_, facts, ok, found, fix) => {
    const [check] = judgeUserNamespaces({...free, ...facts});
    expect(check).toMatchObject({
      ok,
      found: expect.stringMatching(found),
      fix: expect.stringMatching(fix),
    });
  });

  test('that AppArmor restricts need a profile for nsexec, but not for root', () => {
    const [, check] = judgeUserNamespaces({...free, restricted: 1});
    expect(check).toMatchObject({
      ok: 'warn',
      fix: expect.stringMatching(/profile minicontainer \/usr\/lib\/nsexec .*apparmor_parser/),
    });
    expect(judgeUserNamespaces({...free, restricted: 1, uid: 0})).toHaveLength(1);
  });
});

describe('namespaces of another kind', () => {
  test('that are all there are one line', () => {
    expect(judgeNamespaces(() => ({exists: true, most: undefined}))).toEqual([
      {name: 'other namespaces', ok: true, found: 'mnt pid net ipc uts cgroup time'},
    ]);
  });

  test.each([
    ['pid', true, 0, false],
    ['net', false, undefined, false],
    ['time', true, 0, 'warn'],
    ['time', false, undefined, 'warn'],
  ] as const)('%s, there %s, at most %s, are %s', (kind, exists, most, ok) => {
    const [others, check] = judgeNamespaces((each) =>
      each === kind ? {exists, most} : {exists: true, most: 10},
    );
    expect(others?.found.split(' ')).not.toContain(kind);
    expect(check).toMatchObject({name: `${kind} namespaces`, ok, fix: expect.any(String)});
  });

  test('are told by the sysctl that raises them', () => {
    const file = '/etc/sysctl.d/90-minicontainer-user-max-pid-namespaces.conf';
    const checks = judgeNamespaces(() => ({exists: true, most: 0}));
    expect(checks.find(({name}) => name === 'pid namespaces')?.fix).toBe(
      `as root: echo user.max_pid_namespaces=15000 > ${file} && sysctl -p ${file}`,
    );
  });
});
