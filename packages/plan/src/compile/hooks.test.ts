import {buildSpec, type Hooks, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import type {Operation} from '../plan.ts';
import {compilePlan} from './compile.ts';
import type {HostFacts} from './host.ts';

const root: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0x1ff_ffff_ffffn,
  cgroup: {version: 2},
  machine: 'x86_64',
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};
const path = '/bin/hook';
const base: Spec = buildSpec({args: ['sh'], rootPath: '/r'});
const options = {id: 'one', bundle: '/b'};
const everyKind: Hooks = {
  poststop: [{path}],
  poststart: [{path}],
  startContainer: [{path}],
  createContainer: [{path}],
  createRuntime: [{path}],
  prestart: [{path}],
};

function compile(hooks: Hooks, spec: Spec = base): readonly Operation[] {
  return compilePlan({...spec, hooks}, root, options).operations;
}

function hooksOf(operations: readonly Operation[]) {
  return operations.flatMap((operation) => (operation.op === 'runHook' ? [operation] : []));
}

function onlyHook(hooks: Hooks) {
  const [found] = hooksOf(compile(hooks));
  expect.assert(found !== undefined);
  return found.args;
}

describe('hooks', () => {
  test('run in the order of the specification, each where it belongs', () => {
    const found = hooksOf(compile(everyKind)).map(({stage, args}) => `${stage} ${args.kind}`);
    expect(found).toEqual([
      'build createContainer',
      'hooks prestart',
      'hooks createRuntime',
      'exec startContainer',
      'started poststart',
      'ending poststop',
    ]);
  });

  test('of one kind run in the order that they are given in', () => {
    const list = ['/1', '/2', '/3'].map((each) => ({path: each}));
    const found = hooksOf(compile({createRuntime: list, poststop: list}));
    expect(found.map(({args}) => args.path)).toEqual(['/1', '/2', '/3', '/1', '/2', '/3']);
  });

  test('are told what is known of the container, but for its pid', () => {
    const annotations = {note: '"a" \\ b'};
    const [found] = hooksOf(compile({createRuntime: [{path}]}, {...base, annotations}));
    expect(JSON.parse(found?.args.state.join('7') ?? '')).toEqual({
      ...{ociVersion: base.ociVersion, id: 'one', status: 'creating', pid: 7, bundle: '/b'},
      annotations,
    });
  });

  test.each<[keyof Hooks, string]>([
    ['prestart', 'creating'],
    ['createRuntime', 'creating'],
    ['createContainer', 'creating'],
    ['startContainer', 'created'],
    ['poststart', 'running'],
    ['poststop', 'stopped'],
  ])('%s is told that the container is %s', (kind, status) => {
    const {state} = onlyHook({[kind]: [{path}]});
    expect(JSON.parse(state.join('7'))).toMatchObject({status, pid: kind === 'poststop' ? 0 : 7});
  });

  test('have the words, the variables and the time that they are given', () => {
    const hook = {path, args: ['x', 'y'], env: ['A=1'], timeout: 2};
    const expected = {argv: ['x', 'y'], env: ['A=1'], inherit: false, timeoutMs: 2000};
    expect(onlyHook({poststart: [hook]})).toMatchObject(expected);
    expect(onlyHook({poststart: [{path, timeout: 2 ** 31 - 1}]}).timeoutMs).toBe(2 ** 31 - 1);
  });

  test('without them they have their path, no limit, and who runs them says which variables', () => {
    expect(onlyHook({poststart: [{path}]})).toMatchObject({
      ...{argv: [path], env: [], inherit: true, timeoutMs: 0},
    });
    expect(onlyHook({startContainer: [{path}]})).toMatchObject({
      ...{env: base.process?.env, inherit: false},
    });
    expect(onlyHook({poststart: [{path, env: []}]})).toMatchObject({env: [], inherit: false});
  });

  test('that are none leave a plan as it was', () => {
    expect(compile({prestart: [], poststop: []})).toEqual(
      compilePlan(base, root, options).operations,
    );
  });
});

describe('where a container waits for hooks of the host', () => {
  const opsOf = (hooks: Hooks) => compile(hooks).map(({op}) => op);

  test('it does so when all is mounted, before its own hook and before the pivot', () => {
    const ops = opsOf({...everyKind, startContainer: [], poststop: []});
    const at = ops.indexOf('awaitHooks');
    expect(ops.lastIndexOf('maskPath')).toBeLessThan(at);
    expect(ops[at + 1]).toBe('runHook');
    expect(ops.indexOf('pivotRoot')).toBeGreaterThan(at + 1);
  });

  test('it does not wait for those that come at another time', () => {
    expect(
      opsOf({createContainer: [{path}], startContainer: [{path}], poststop: [{path}]}),
    ).not.toContain('awaitHooks');
  });

  test('its mounts are below the path of its root, or where that cannot be reached anywhere', () => {
    const places = (hooks: Hooks) =>
      compile(hooks).flatMap((some) =>
        some.op === 'openTree' && some.args.to === 'root'
          ? ['clone']
          : some.op === 'attachMount' && some.args.root === undefined
            ? [`${some.args.mount} ${some.args.target} ${some.else ?? ''}`.trim()]
            : [],
      );
    expect(places({createContainer: [{path}]})).toEqual([
      ...['clone', 'scratch /r 1', 'scratch /', 'root /r 1', 'root /'],
    ]);
    expect(places({poststart: [{path}]})).toEqual(['scratch /', 'clone', 'root /']);
  });
});

test('the hook of the container comes under its filter of system calls, right before its command', () => {
  const filtered: Spec = {
    ...base,
    process: {cwd: '/', args: ['sh'], ...base.process, noNewPrivileges: true},
    linux: {...base.linux, seccomp: {defaultAction: 'SCMP_ACT_ALLOW'}},
  };
  const ops = compile(everyKind, filtered)
    .filter(({stage}) => stage === 'exec')
    .map(({op}) => op);
  expect(ops.slice(-3)).toEqual(['loadSeccomp', 'runHook', 'execute']);
});
