import {type Operation, operation} from '@minicontainer/plan';
import {describe, expect, test} from 'vitest';
import {findCgroup} from './exec-cgroup.ts';

/** On a machine with both versions. */
const within = '4:memory:/a/box\n0::/a/box\n';

function made(hierarchy: string, path: string, to: string): Operation {
  return operation('prepare', 'makeCgroup', {hierarchy, path, controllers: '', to}, '');
}

function entered(cgroup: string): Operation {
  return operation('prepare', 'openMembers', {cgroup, file: 'tasks', to: `${cgroup}/tasks`}, '');
}

function cloned(cgroup: string | undefined): Operation {
  return operation('keep', 'cloneContainer', {flags: 0n, cgroup}, '');
}

const old = [
  made('/sys/fs/cgroup/cpu,cpuacct', 'a/box', 'cpu'),
  entered('cpu'),
  // A cpuset is made level by level, in one slot.
  made('/sys/fs/cgroup/cpuset', 'a', 'cpuset'),
  made('/sys/fs/cgroup/cpuset', 'a/box', 'cpuset'),
  entered('cpuset'),
  made('/sys/fs/cgroup/unified', 'a/box', 'unified'),
  cloned('unified'),
];
const pure = [made('/sys/fs/cgroup', 'a/box', 'cgroup'), cloned('cgroup')];

describe('another process runs', () => {
  test('in each cgroup of the container', () => {
    expect(findCgroup(old, within, [])).toEqual({
      unified: '/sys/fs/cgroup/unified/a/box',
      members: ['/sys/fs/cgroup/cpu,cpuacct/a/box/tasks', '/sys/fs/cgroup/cpuset/a/box/tasks'],
    });
    expect(findCgroup(pure, within, [])).toEqual({unified: '/sys/fs/cgroup/a/box', members: []});
  });

  test('nowhere else where the container has none', () => {
    expect(findCgroup([cloned(undefined)], within, [])).toEqual({members: []});
  });

  test('below all of them, by one path', () => {
    expect(findCgroup(old, within, ['/worker'])).toEqual({
      unified: '/sys/fs/cgroup/unified/a/box/worker',
      members: [
        '/sys/fs/cgroup/cpu,cpuacct/a/box/worker/tasks',
        '/sys/fs/cgroup/cpuset/a/box/worker/tasks',
      ],
    });
    expect(findCgroup(pure, within, ['worker'])).toMatchObject({
      unified: '/sys/fs/cgroup/a/box/worker',
    });
  });

  test('below those of the controllers that are named', () => {
    expect(findCgroup(old, within, ['cpuacct:x', 'cpuset:y/z']).members).toEqual([
      '/sys/fs/cgroup/cpu,cpuacct/a/box/x/tasks',
      '/sys/fs/cgroup/cpuset/a/box/y/z/tasks',
    ]);
  });

  test.each([
    [['../other']],
    [['a', 'b']],
    [['cpu:a', 'cpu:b']],
    [['memory:a']],
    [['cpu:a:b']],
    [[':a']],
    [['cpu,:a']],
    [['cpu:../../x']],
  ])('not where %j says', (asked) => {
    expect(() => findCgroup(old, within, asked)).toThrow(
      expect.objectContaining({code: 'ECGROUP'}),
    );
  });

  test('beside the first process, where that has moved below', () => {
    expect(findCgroup(pure, '0::/a/box/init.scope\n', []).instead).toBe(
      '/sys/fs/cgroup/a/box/init.scope',
    );
    expect(findCgroup(pure, '0::/a/boxes\n', []).instead).toBeUndefined();
    expect(findCgroup(pure, '0::/a/box/init.scope\n', ['worker']).instead).toBeUndefined();
  });
});
