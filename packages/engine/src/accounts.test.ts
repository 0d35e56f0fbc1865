import {expect, test} from 'vitest';
import {nameAccount} from './accounts.ts';

const me = {name: 'me', uid: 1000, gid: 100, home: '/home/me'};

test('a user that the container does not know gets a line, and so does its group', () => {
  const made = nameAccount(me);
  expect(made.map(({op}) => op)).toEqual([
    ...['findAccount', 'copyAccounts', 'openTree', 'attachMount'],
    ...['findAccount', 'copyAccounts', 'openTree', 'attachMount'],
  ]);
  expect(made[0]).toMatchObject({
    args: {path: 'etc/passwd', id: 1000},
    optional: ['ENOENT'],
    else: 3,
  });
  expect(made[1]).toMatchObject({args: {line: 'me:x:1000:100::/home/me:/bin/sh'}});
  expect(made[4]).toMatchObject({args: {path: 'etc/group', id: 100}, else: 3});
  expect(made[5]).toMatchObject({args: {line: 'me:x:100:'}});
});

test.each(['', 'a:b', 'a\nroot:x:0:0::/:/bin/sh', '-x', 'x'.repeat(33), '0'])(
  'a name that is none in passwd(5) is not written: %j',
  (name) => {
    const [, copy] = nameAccount({...me, name});
    expect(copy).toMatchObject({args: {line: 'user:x:1000:100::/home/me:/bin/sh'}});
  },
);

test.each(['relative', '/a:b', '/a\nb', ''])('nor is a home that is none: %j', (home) => {
  const [, copy] = nameAccount({...me, home});
  expect(copy).toMatchObject({args: {line: 'me:x:1000:100::/:/bin/sh'}});
});
