import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {MountRequest} from './options.ts';
import {changeOwners, type NewOwner} from './owners.ts';

let directory = '';
beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'minicontainer-owners-')));
  mkdirSync(join(directory, 'data'));
  symlinkSync('/etc', join(directory, 'etc'));
  symlinkSync('data', join(directory, 'link'));
});
afterAll(() => rmSync(directory, {recursive: true}));

const mapping = [{containerID: 0, hostID: 5000, size: 100}];
const owner: NewOwner = {
  user: {user: '33', group: '34'},
  namespace: {uidMappings: mapping, gidMappings: mapping},
  bySupervisor: true,
  home: undefined,
};

type Bind = Extract<MountRequest, {kind: 'bind'}>;

function changed(changes: Partial<NewOwner> = {}, mount: Partial<Bind> = {}) {
  const bind: Bind = {
    ...{kind: 'bind', source: join(directory, 'data'), target: '/x', changeOwner: true},
    ...mount,
  };
  return changeOwners([bind], {...owner, ...changes})[0];
}

describe('U', () => {
  test('gives a source to the container’s user, by the host’s numbers where root does it', () => {
    expect(changed()).toMatchObject({
      op: 'changeOwners',
      stage: 'prepare',
      args: {path: join(directory, 'data'), uid: 5033, gid: 5034},
    });
  });

  test('is done by container root, in its numbers, where the caller has no others', () => {
    expect(changed({bySupervisor: false})).toMatchObject({
      stage: 'build',
      args: {uid: 33, gid: 34},
    });
  });

  test('keeps the numbers on disk under an idmapped mount, and without a user namespace', () => {
    expect(changed({}, {idmap: 'container'})).toMatchObject({args: {uid: 33, gid: 34}});
    expect(changed({namespace: undefined})).toMatchObject({args: {uid: 33, gid: 34}});
  });

  test('names the directory by its real name', () => {
    expect(changed({}, {source: join(directory, 'link')})).toMatchObject({
      args: {path: join(directory, 'data')},
    });
  });

  test('is nothing where it was not asked for', () => {
    expect(changed({}, {changeOwner: false})).toBeUndefined();
    expect(changeOwners([{kind: 'tmpfs', target: '/x'}], owner)).toEqual([]);
  });

  test.each(['/', '/etc', '/etc/ssl', '/usr/bin', '/var', '/var/lib', '/proc', '/dev', '/tmp'])(
    'never gives away %s',
    (source) => {
      expect(() => changed({}, {source})).toThrow(expect.objectContaining({code: 'EOWNER'}));
    },
  );

  test('never gives away the caller’s home, nor what a link leads to', () => {
    const given = {code: 'EOWNER', hint: expect.stringMatching(/bind a directory in it/)};
    expect(() => changed({home: join(directory, 'data')})).toThrow(expect.objectContaining(given));
    expect(() => changed({}, {source: join(directory, 'etc')})).toThrow(
      expect.objectContaining(given),
    );
  });

  test.each([
    {user: 'www-data', group: ''},
    {user: '33', group: ''},
    {user: '33', group: 'www-data'},
  ])('is refused for a user whose ids only the container knows: %j', (user) => {
    expect(() => changed({user})).toThrow(
      expect.objectContaining({code: 'EUSER', hint: expect.stringContaining('-u 33:33')}),
    );
  });

  test('is refused for ids that the container has not, whoever does it', () => {
    const user = {user: '100', group: '0'};
    expect(() => changed({user})).toThrow(/100 is not among the ids/);
    expect(() => changed({user, bySupervisor: false})).toThrow(/100 is not among the ids/);
  });
});
