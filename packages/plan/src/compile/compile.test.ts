import {buildSpec, type ContainerRequest, type RlimitType, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import {operation, type Plan} from '../plan.ts';
import {stages} from '../stages.ts';
import {type CompileOptions, compilePlan} from './compile.ts';
import type {HostFacts} from './host.ts';

const root: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0x1ff_ffff_ffffn,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {uid: '/usr/bin/newuidmap', gid: '/usr/bin/newgidmap'},
};
const user: HostFacts = {...root, uid: 1000, gid: 1000, capabilities: 0n};
const range = [{containerID: 0, hostID: 0x70000000, size: 65536}];
const one = [{containerID: 0, hostID: 1000, size: 1}];
const some = [...one, {containerID: 1, hostID: 100000, size: 65536}];

const namespaceOf = {
  rootWithRange: {uidMappings: range, gidMappings: range},
  userWithOneId: {uidMappings: one, gidMappings: one},
  userWithSubordinateIds: {uidMappings: some, gidMappings: some},
};

function plan(
  request: Partial<ContainerRequest> = {},
  host = root,
  options: Partial<CompileOptions> = {},
): Plan {
  const spec = buildSpec({
    args: ['sh'],
    rootPath: '/srv/root',
    hostname: 'box',
    userNamespace: host.uid === 0 ? namespaceOf.rootWithRange : namespaceOf.userWithOneId,
    ...request,
  });
  return compilePlan(spec, host, {id: 'abc', ...options});
}

/** Where the first operation is whose description contains these words. */
function place(of: Plan, words: string): number {
  const found = of.operations.findIndex((some) => describeOperation(some).includes(words));
  expect(found, `${words} is in the plan`).toBeGreaterThanOrEqual(0);
  return found;
}

function last(of: Plan, words: string): number {
  return of.operations.findLastIndex((some) => describeOperation(some).includes(words));
}

function has(of: Plan, words: string): boolean {
  return last(of, words) >= 0;
}

function expectOrder(of: Plan, words: readonly string[]): void {
  const places = words.map((each) => place(of, each));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
}

const everyKind: [string, Plan][] = [
  ['root with a range', plan()],
  ['a user with one id', plan({}, user)],
  ['a user with subordinate ids', plan({userNamespace: namespaceOf.userWithSubordinateIds}, user)],
  ['root with the ids of the host', plan({userNamespace: undefined})],
  ['privileged root', plan({userNamespace: undefined, privileged: true})],
  ['the network of the host', plan({network: 'host'})],
  ['a read-only root', plan({readOnlyRoot: true})],
  ['a terminal', plan({terminal: true})],
  ['a named user and an init', plan({}, root, {user: {user: 'www', group: ''}, init: true})],
  ['no cgroups', plan({}, {...root, cgroup: {version: 0}})],
];

describe.each(everyKind)('the plan for %s', (_, made) => {
  test('runs its stages in their order', () => {
    const numbers = made.operations.map(({stage}) => stages[stage].number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  test('gives every operation a reason of its own', () => {
    expect(made.operations.filter(({why}) => !/^\S.{4}/.test(why))).toEqual([]);
  });

  test('takes the order that each step needs of the one before', () => {
    expectOrder(made, [
      'cloneKeeper',
      'releaseKeeper',
      'awaitRelease',
      'cloneContainer',
      'dieWithSupervisor',
      'setPropagation',
      'createMount type=tmpfs source=minicontainer',
      'attachMount mount=root',
      'attachMount mount=/proc ',
      'attachMount mount=/dev ',
      'attachMount mount=/dev/null',
      'pivotRoot',
      'setHostname',
      made.operations.some(({op}) => op === 'resolveUser') ? 'resolveUser' : 'useIds',
      made.operations.some(({op}) => op === 'openTerminal') ? 'openTerminal' : 'openPipes',
      'dropBounding',
      'setUser',
      'changeDirectory',
      'closeDescriptors',
      'setCapabilities',
      'awaitStart',
      'execute',
      'supervise',
    ]);
  });

  test('hides paths after the last mount that could show them again', () => {
    if (!has(made, 'maskPath')) return;
    expect(place(made, 'maskPath')).toBeGreaterThan(last(made, 'attachMount'));
    expect(place(made, 'readOnlyPath')).toBeGreaterThan(last(made, 'attachMount'));
    expect(last(made, 'readOnlyPath')).toBeLessThan(place(made, 'pivotRoot'));
  });

  test('hides paths of a mount by the mount, wherever its place has been moved to', () => {
    if (!has(made, 'maskPath')) return;
    expect(has(made, 'maskPath root=/proc path=kcore')).toBe(true);
    expect(has(made, 'maskPath root=/sys path=firmware')).toBe(true);
    expect(has(made, 'readOnlyPath root=/proc path=sys')).toBe(true);
    expect(has(made, 'root=root path=proc')).toBe(false);
  });

  test('enters its cgroup namespace before it mounts anything', () => {
    expect(describeOperation(at(made, place(made, 'unshare')))).toContain('CLONE_NEWCGROUP');
    expectOrder(made, ['cloneContainer', 'unshare', 'setPropagation']);
  });

  test('never takes the container through a link where protections rely on the place', () => {
    const followed = made.operations.filter(
      (some) =>
        some.op === 'attachMount' &&
        /^(proc|sys|dev|dev\/.*)$/.test(some.args.target) &&
        some.args.follow,
    );
    expect(followed).toEqual([]);
  });

  test('is the same, made again from the same', () => {
    expect(made).toEqual(everyKind.find(([, other]) => other === made)?.[1]);
  });
});

describe('who the container is outside', () => {
  test("root's maps are written by itself, the group map first", () => {
    const made = plan();
    expectOrder(made, ['file=gid_map', 'file=uid_map', 'releaseKeeper']);
    expect(has(made, 'file=setgroups')).toBe(false);
    expect(at(made, place(made, 'file=uid_map')).args).toMatchObject({
      data: '0 1879048192 65536\n',
    });
    expect(at(made, place(made, 'becomeRoot')).args).toEqual({
      ...{uid: 0, gid: 0},
      setgroups: true,
    });
  });

  test('a user of one id gives up groups before the map can be written', () => {
    const made = plan({}, user);
    expectOrder(made, ['file=setgroups data=deny', 'file=gid_map', 'file=uid_map']);
    expect(at(made, place(made, 'becomeRoot')).args).toEqual({
      ...{uid: 0, gid: 0},
      setgroups: false,
    });
    expect(at(made, place(made, 'setUser')).args).toEqual({setgroups: false});
  });

  test('a user of more ids has them mapped by the programs that may', () => {
    const made = plan({userNamespace: namespaceOf.userWithSubordinateIds}, user);
    expect(at(made, place(made, 'newuidmap')).args).toEqual({
      argv: ['/usr/bin/newuidmap', ...['$keeper', '0', '1000', '1', '1', '100000', '65536']],
    });
    expect(has(made, 'newgidmap')).toBe(true);
    expect(has(made, 'writeProcess')).toBe(false);
    expect(at(made, place(made, 'setUser')).args).toEqual({setgroups: true});
  });

  test('a user of more ids without those programs is told which package has them', () => {
    const request = {userNamespace: namespaceOf.userWithSubordinateIds};
    expect(() => plan(request, {...user, mappers: {}})).toThrow(
      expect.objectContaining({code: 'EIDMAP', hint: 'apt-get install uidmap'}),
    );
  });

  test('without a user namespace nothing is mapped and nobody becomes another', () => {
    const made = plan({userNamespace: undefined});
    expect(has(made, 'writeProcess')).toBe(false);
    expect(has(made, 'becomeRoot')).toBe(false);
    expect(describeOperation(at(made, place(made, 'cloneKeeper')))).not.toContain('CLONE_NEWUSER');
  });

  test('death of the supervisor is bound after the change of ids, which would unbind it', () => {
    const keeping = plan().operations.filter(({stage}) => stage === 'keep');
    expect(keeping.map(({op}) => op)).toEqual([
      'awaitRelease',
      'cloneContainer',
      'becomeRoot',
      'dieWithSupervisor',
    ]);
  });

  test('the container becomes root itself: it is cloned by ids that may enter its cgroup', () => {
    const cgroup = {
      operations: [],
      ending: [],
      location: {version: 2 as const, directory: '/sys/fs/cgroup/x'},
      clonedInto: 'cgroup',
    };
    const made = plan({}, root, {cgroup});
    expect(at(made, place(made, 'cloneContainer')).args).toMatchObject({cgroup: 'cgroup'});
    const building = made.operations.filter(({stage}) => stage === 'build').map(({op}) => op);
    expect(building.slice(0, 2)).toEqual(['awaitRelease', 'becomeRoot']);
  });

  test('device files in a root open nothing, but for an engine that has what can be opened filtered', () => {
    const noDevices = 'mountAttributes mount=root set=nodev';
    const location = {version: 2 as const, directory: '/sys/fs/cgroup/x'};
    const cgroup = {operations: [], ending: [], location, filtersDevices: true};
    const runtime = {directory: '/c', gate: true, detach: true, preservedFds: 0};
    expect(has(plan({}, root, {cgroup}), noDevices)).toBe(true);
    expect(has(plan({}, root, {runtime}), noDevices)).toBe(true);
    expect(has(plan({}, root, {cgroup, runtime}), noDevices)).toBe(false);
  });

  test('nsexec runs from a sealed copy, unless no id of the container can reach its file', () => {
    expect(plan().seal).toBe(false);
    expect(plan({}, user).seal).toBe(true);
    expect(plan({userNamespace: undefined}).seal).toBe(true);
    const identity = [{containerID: 0, hostID: 0, size: 65536}];
    const shared = {uidMappings: identity, gidMappings: identity};
    expect(plan({userNamespace: shared}).seal).toBe(true);
    // A clone of a user's, run by root with ids of that user.
    const ofUser = [{containerID: 0, hostID: 1000, size: 1}];
    const mapped = {userNamespace: {uidMappings: ofUser, gidMappings: ofUser}};
    expect(plan(mapped).seal).toBe(false);
    expect(plan(mapped, {...root, programOwner: 1000}).seal).toBe(true);
  });
});

describe('namespaces', () => {
  test('are all new, made in one call by the keeper', () => {
    const flags = describeOperation(at(plan(), place(plan(), 'cloneContainer')));
    for (const name of ['PID', 'NS', 'UTS', 'IPC', 'NET']) {
      expect(flags).toContain(`CLONE_NEW${name}`);
    }
  });

  test('of the network: with its own, the loopback is up; with the host’s, /sys is a bind', () => {
    expect(has(plan(), 'linkUp name=lo')).toBe(true);
    const shared = plan({network: 'host'});
    expect(has(shared, 'linkUp')).toBe(false);
    expect(has(shared, 'CLONE_NEWNET')).toBe(false);
    expect(has(shared, 'type=sysfs')).toBe(false);
    expect(at(shared, place(shared, 'openTree path=/sys ')).stage).toBe('prepare');
  });
});

describe('limits', () => {
  test('hold from when the container is built, and a filter could not forbid them yet', () => {
    const made = plan({}, {...root, machine: 'x86_64'});
    expectOrder(made, [
      'pivotRoot',
      'setRlimit resource=RLIMIT_NOFILE soft=1024 hard=4096',
      'setUser',
    ]);
    expect(has(made, 'raiseRlimit')).toBe(false);
  });

  test('that nsexec could hit itself hold last of all', () => {
    const process = {...buildSpec({args: ['sh'], rootPath: '/'}).process, cwd: '/', args: ['sh']};
    const spec = {...buildSpec({args: ['sh'], rootPath: '/'}), process};
    const limit = (type: RlimitType, soft: number): Spec => ({
      ...spec,
      process: {...process, rlimits: [{type, soft, hard: soft}]},
    });
    for (const [type, soft] of [
      ['RLIMIT_NOFILE', 3],
      ['RLIMIT_NPROC', 1],
      ['RLIMIT_AS', 0],
    ] as const) {
      expectOrder(compilePlan(limit(type, soft), root, {id: 'abc', init: true}), [
        `raiseRlimit resource=${type}`,
        'releaseKeeper',
        'startInit',
        `setRlimit resource=${type}`,
        'execute',
      ]);
    }
    const early = compilePlan(limit('RLIMIT_FSIZE', 0), root, {id: 'abc'});
    expectOrder(early, [
      'releaseKeeper',
      'pivotRoot',
      'setRlimit resource=RLIMIT_FSIZE',
      'setUser',
    ]);
  });

  test('are the spec’s where it has them, without an end at 2^64 - 1', () => {
    const spec = structuredClone(buildSpec({args: ['sh'], rootPath: '/'}));
    const limited: Spec = {
      ...spec,
      process: {
        ...(spec.process ?? {cwd: '/', args: ['sh']}),
        rlimits: [
          {type: 'RLIMIT_NOFILE', soft: 10, hard: 20},
          {type: 'RLIMIT_CORE', soft: 0, hard: 2 ** 64},
        ],
        oomScoreAdj: -5,
      },
    };
    const made = compilePlan(limited, root, {id: 'abc'});
    const written = made.operations
      .filter(({op}) => /Rlimit|writeProcess/.test(op))
      .map(describeOperation);
    expect(written).toEqual([
      'raiseRlimit resource=RLIMIT_NOFILE hard=20',
      'raiseRlimit resource=RLIMIT_CORE hard=unlimited',
      'writeProcess file=oom_score_adj data=-5',
      'setRlimit resource=RLIMIT_CORE soft=0 hard=unlimited',
      'setRlimit resource=RLIMIT_NOFILE soft=10 hard=20',
    ]);
  });
});

describe('the process', () => {
  test('is looked up in the container’s own files, once nothing else can be read', () => {
    const made = plan({}, root, {user: {user: 'www', group: 'web'}, makeHome: true});
    expectOrder(made, ['pivotRoot', 'resolveUser user=www group=web', 'makeHome', 'openPipes']);
    expect(has(made, 'useIds')).toBe(false);
  });

  test('is the command itself, or a child of an init that was asked for', () => {
    expect(has(plan(), 'startInit')).toBe(false);
    expectOrder(plan({}, root, {init: true}), ['awaitStart', 'startInit', 'execute']);
  });

  test('starts where the spec says, or at home', () => {
    expect(has(plan({cwd: '/srv'}), 'changeDirectory path=/srv')).toBe(true);
    const atHome = plan({cwd: '/srv'}, root, {startInHome: true});
    expect(at(atHome, place(atHome, 'changeDirectory')).args).toEqual({path: ''});
  });

  test('gets no capability that the caller has not, where it shares the host’s ids', () => {
    const none = plan({userNamespace: undefined}, {...root, capabilities: 0n});
    expect(at(none, place(none, 'setCapabilities')).args).toEqual({
      effective: 0n,
      permitted: 0n,
      inheritable: 0n,
      ambient: 0n,
    });
    const own = plan({}, {...user, capabilities: 0n});
    expect(at(own, place(own, 'setCapabilities')).args).not.toMatchObject({effective: 0n});
  });

  test('searches its own PATH', () => {
    const made = plan({env: {PATH: '/only/here'}});
    expect(at(made, place(made, 'execute')).args).toMatchObject({search: '/only/here'});
  });

  test('cannot gain privileges where the spec says so', () => {
    expect(has(plan(), 'noNewPrivileges')).toBe(false);
    expectOrder(plan({noNewPrivileges: true}), ['setCapabilities', 'noNewPrivileges', 'execute']);
  });

  test('has a terminal of the container’s own, or pipes', () => {
    expect(has(plan({terminal: true}), 'openPipes')).toBe(false);
    expect(has(plan(), 'openTerminal')).toBe(false);
  });
});

describe('the root file system', () => {
  test('is cloned by whoever may, and made read-only last of all', () => {
    expect(at(plan(), place(plan(), 'path=/srv/root')).stage).toBe('prepare');
    const made = plan({readOnlyRoot: true}, user);
    expect(at(made, place(made, 'path=/srv/root')).stage).toBe('build');
    expect(made.operations.findLast(({stage}) => stage === 'enter')).toMatchObject({
      op: 'mountAttributes',
      args: {mount: 'root', set: 1n, recursive: false},
    });
  });

  test('comes from elsewhere where it is given, with its files after every mount', () => {
    const given = operation(
      'build',
      'openTree',
      {root: undefined, path: '/given', recursive: true, device: 0n, to: 'root'},
      'given',
    );
    const file = operation(
      'build',
      'writeFile',
      {root: 'root', path: 'etc/x', mode: 0o644, data: 'x', create: true},
      'given',
    );
    const ending = operation('ending', 'removeTree', {path: '/there', journal: true}, 'given');
    const made = plan({}, root, {root: [given], files: [file], ending: [ending]});
    expect(has(made, '/srv/root')).toBe(false);
    expect(place(made, 'writeFile')).toBeGreaterThan(last(made, 'attachMount'));
    expect(place(made, 'writeFile')).toBeLessThan(place(made, 'maskPath'));
    expect(made.operations.slice(-2).map(({op}) => op)).toEqual(['supervise', 'removeTree']);
  });
});

function at(of: Plan, index: number) {
  const found = of.operations[index];
  if (found === undefined) throw new Error(`the plan has no operation ${index}`);
  return found;
}
