import {buildSpec, type Namespace, type NamespaceType, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import {compilePlan} from './compile.ts';
import type {HostFacts} from './host.ts';
import type {Runtime} from './runtime.ts';

const root: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0x1ff_ffff_ffffn,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};
const ids = [{containerID: 0, hostID: 0x70000000, size: 65536}];
const userNamespace = {uidMappings: ids, gidMappings: ids};

/** What the host's processes do of the plan for a spec with these namespaces. */
function lines(
  namespaces: readonly Namespace[],
  facts = root,
  init = false,
  runtime?: Runtime,
): string[] {
  const built = buildSpec({args: ['sh'], rootPath: '/'});
  const user = namespaces.some(({type, path}) => type === 'user' && path === undefined);
  const spec: Spec = {
    ...built,
    linux: {...(user && userNamespace), namespaces},
  };
  return compilePlan(spec, facts, {
    id: 'abc',
    init,
    ...(runtime && {runtime}),
  }).operations.map((some) => `${some.stage} ${describeOperation(some)}`);
}

const early = (plan: readonly string[]) =>
  plan.filter((line) => /^(prepare|clone|keep) (?!openTree)/.test(line));
const mount: Namespace = {type: 'mount'};

describe('a namespace that is named by its path', () => {
  test('is entered by the supervisor, which comes back', () => {
    expect(early(lines([mount, {type: 'pid'}, {type: 'network', path: '/run/netns/a'}]))).toEqual([
      'prepare openNamespace path=/proc/self/ns/net type=CLONE_NEWNET to="own network namespace"',
      'prepare openNamespace path=/run/netns/a type=CLONE_NEWNET to="network namespace"',
      'clone enterNamespace space="network namespace" type=CLONE_NEWNET',
      'clone cloneKeeper flags=CLONE_NEWPID',
      'clone enterNamespace space="own network namespace" type=CLONE_NEWNET',
      'keep awaitRelease',
      'keep cloneContainer flags=CLONE_NEWPID|CLONE_NEWNS',
      'keep dieWithSupervisor',
    ]);
  });

  test('is entered by a keeper that does not stay, so that nobody has to come back', () => {
    const runtime: Runtime = {directory: '/r', gate: true, detach: true, preservedFds: 0};
    const types = ['user', 'network', 'pid'] as const;
    const plan = early(
      lines([mount, ...types.map((type) => ({type, path: '/n'}))], root, false, runtime),
    );
    expect(plan.filter((line) => /Namespace space|clone/.test(line))).toEqual([
      'clone cloneKeeper',
      'keep enterNamespace space="network namespace" type=CLONE_NEWNET',
      'keep enterNamespace space="pid namespace" type=CLONE_NEWPID',
      'keep enterNamespace space="user namespace" type=CLONE_NEWUSER',
      'keep cloneContainer flags=CLONE_NEWNS|CLONE_PARENT',
    ]);
  });

  test('is not left again by a supervisor that may not and does nothing else', () => {
    const built = buildSpec({args: ['sh'], rootPath: '/'});
    const namespaces = [mount, {type: 'user'}, {type: 'network', path: '/n'}] as const;
    const spec: Spec = {...built, linux: {...userNamespace, namespaces}};
    const runtime: Runtime = {directory: '/r', gate: true, detach: true, preservedFds: 0};
    const optional = (compiled: Spec) =>
      compilePlan(compiled, root, {id: 'abc', runtime})
        .operations.filter(({op}) => op === 'enterNamespace')
        .map((entering) => entering.optional);
    expect(optional(spec)).toEqual([undefined, ['EPERM']]);
    const hooks = {createRuntime: [{path: '/hook'}]};
    expect(optional({...spec, hooks})).toEqual([undefined, undefined]);
  });

  test('of users is entered last, by the keeper, which becomes its root', () => {
    const plan = early(lines([mount, {type: 'pid'}, {type: 'user', path: '/u'}]));
    expect(plan.filter((line) => !line.startsWith('prepare'))).toEqual([
      'clone cloneKeeper flags=CLONE_NEWPID',
      'keep awaitRelease',
      'keep enterNamespace space="user namespace" type=CLONE_NEWUSER',
      'keep cloneContainer flags=CLONE_NEWPID|CLONE_NEWNS',
      'keep becomeRoot uid=0 gid=0 setgroups=true',
      'keep dieWithSupervisor',
    ]);
  });

  test('of users may come with the mappings that it has, which nobody writes', () => {
    const built = buildSpec({args: ['sh'], rootPath: '/'});
    const linux = {...userNamespace, namespaces: [mount, {type: 'user', path: '/u'} as const]};
    const {operations} = compilePlan({...built, linux}, root, {id: 'abc'});
    expect(operations.filter(({args}) => 'file' in args && args.file === 'uid_map')).toEqual([]);
    expect(operations.map(({op}) => op)).toContain('enterNamespace');
  });

  test.each<NamespaceType>(['network', 'ipc', 'uts', 'cgroup', 'time', 'pid'])(
    'of type %s is not made anew',
    (type) => {
      const plan = lines([mount, {type: 'user'}, ...(type === 'pid' ? [] : [{type, path: '/n'}])]);
      expect(plan.filter((line) => /^keep cloneContainer|^build unshare/.test(line))).toEqual([
        'keep cloneContainer flags=CLONE_NEWNS',
      ]);
      expect(plan.some((line) => line.includes('linkUp'))).toBe(false);
    },
  );

  test.each<[readonly Namespace[], HostFacts, string]>([
    [[mount, {type: 'network', path: '/n'}], {...root, uid: 1000}, 'only root can join'],
    [[{type: 'mount', path: '/m'}], root, 'a mount namespace cannot be joined'],
    [[mount, {type: 'user'}, {type: 'pid', path: '/p'}], root, 'a pid namespace cannot be joined'],
  ])('%j is refused with its reason', (namespaces, facts, message) => {
    expect(() => lines(namespaces, facts)).toThrow(
      expect.objectContaining({code: 'ENAMESPACE', message: expect.stringContaining(message)}),
    );
  });
});

describe('a container that shares its pid namespace', () => {
  test('is ended by the keeper, which is no pid 1, and dies with it', () => {
    const plan = lines([mount, {type: 'user'}]);
    expect(plan).toContain('clone cloneKeeper flags=CLONE_NEWUSER');
    expect(plan.lastIndexOf('exec dieWithParent')).toBeGreaterThan(
      plan.findIndex((line) => line.startsWith('gate')),
    );
    expect(lines([mount, {type: 'pid'}])).not.toContain('exec dieWithParent');
  });

  test('has an init that dies with the keeper, and a command that dies with the init', () => {
    const plan = lines([mount], root, true).filter((line) => line.startsWith('exec'));
    expect(plan.slice(0, 3)).toEqual([
      'exec dieWithParent',
      'exec startInit',
      'exec dieWithParent',
    ]);
  });
});
