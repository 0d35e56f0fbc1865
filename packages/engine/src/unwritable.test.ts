import {describe, expect, test} from 'vitest';
import {isWritableToContainerRoot, unwritableBinds} from './unwritable.ts';

const mapping = [{containerID: 0, hostID: 5000, size: 100}];
const namespace = {uidMappings: mapping, gidMappings: mapping};

describe('container root can write', () => {
  test.each<[string, boolean, number, number, number]>([
    ['what has ids of the container', true, 5033, 5034, 0o400],
    ['what is its own though the group is not', true, 5000, 0, 0o700],
    ['not what is its own, the group is not, and nobody may write', false, 5000, 0, 0o500],
    ['what its group may write', true, 0, 5000, 0o770],
    ['not what is another container user’s of a foreign group', false, 5033, 0, 0o700],
    ['not what belongs to others', false, 0, 0, 0o755],
    ['what everybody may write', true, 0, 0, 0o1777],
  ])('%s', (_, writable, uid, gid, mode) => {
    expect(isWritableToContainerRoot({uid, gid, mode}, namespace)).toBe(writable);
  });
});

describe('a note on the bind of a directory', () => {
  const bind = {kind: 'bind', source: '/etc', target: '/x'} as const;

  test('says which it is and what to write', () => {
    expect(unwritableBinds([bind], namespace)).toEqual([
      expect.stringMatching(/cannot write \/x: \/etc belongs to none of its ids; :idmap .*:ro /),
    ]);
  });

  test('is not made of what was meant so', () => {
    expect(unwritableBinds([{...bind, readOnly: true}], namespace)).toEqual([]);
    expect(unwritableBinds([{...bind, idmap: 'container'}], namespace)).toEqual([]);
    expect(unwritableBinds([{...bind, changeOwner: true}], namespace)).toEqual([]);
    expect(unwritableBinds([bind], undefined)).toEqual([]);
    expect(unwritableBinds([{...bind, source: '/etc/passwd'}], namespace)).toEqual([]);
    expect(unwritableBinds([{kind: 'tmpfs', target: '/x'}], namespace)).toEqual([]);
  });
});
