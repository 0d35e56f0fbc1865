import {buildSpec, type ContainerRequest, type Seccomp, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {compilePlan} from './compile.ts';
import type {HostFacts} from './host.ts';
import {fileAccess} from './landlock.ts';

const host: HostFacts = {
  uid: 0,
  gid: 0,
  machine: 'x86_64',
  landlock: 7,
  capabilities: 2n ** 41n - 1n,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};
const seccomp: Seccomp = {defaultAction: 'SCMP_ACT_ALLOW'};
const everything = 2n ** 16n - 1n;

interface Change {
  readonly request?: Partial<ContainerRequest>;
  readonly linux?: Spec['linux'];
  readonly facts?: Partial<HostFacts>;
  readonly trees?: readonly string[];
  readonly landlock?: 'unconfined';
}

function compile({request, linux, facts, trees = ['/'], landlock}: Change = {}) {
  const spec = buildSpec({args: ['true'], rootPath: '/', ...request});
  const plan = compilePlan(
    {...spec, linux: {...spec.linux, seccomp, ...linux}},
    {...host, ...facts},
    {id: 'test', trees, ...(landlock && {landlock})},
  );
  const names = plan.operations.map(({op}) => op);
  const rules = plan.operations.flatMap((operation) =>
    operation.op === 'allowBeneath' ? [[operation.args.path, operation.args.files] as const] : [],
  );
  const [ruleset] = plan.operations.flatMap((operation) =>
    operation.op === 'createRuleset' ? [operation.args] : [],
  );
  return {names, rules, ruleset, omitted: plan.omitted?.join('')};
}

describe('Landlock', () => {
  test('holds a container to its own root, before the filter of system calls is there', () => {
    const {names, rules, ruleset, omitted} = compile();
    expect(rules).toEqual([['/', everything]]);
    expect(ruleset).toEqual({files: everything, scoped: 0n, to: 'landlock'});
    expect(names.indexOf('restrictSelf')).toBeLessThan(names.indexOf('loadSeccomp'));
    expect(names.indexOf('createRuleset')).toBeGreaterThan(names.indexOf('pivotRoot'));
    expect(omitted).toBeUndefined();
  });

  test('lets nothing else of a read-only root be opened than its parts, mounts and devices', () => {
    const {rules} = compile({
      trees: ['/usr', '/etc'],
      request: {mounts: [{destination: '/given/', source: '/a', type: 'bind', options: ['bind']}]},
      facts: {sources: {'/a': 'file'}},
      linux: {devices: []},
    });
    const byPath = new Map(rules);
    expect(byPath.get('/')).toBe(fileAccess.READ_DIR);
    expect(byPath.get('/usr')).toBe(everything);
    expect(byPath.get('/proc')).toBe(everything);
    expect(byPath.get('/given')).toBe(
      fileAccess.EXECUTE |
        fileAccess.READ_FILE |
        fileAccess.WRITE_FILE |
        fileAccess.TRUNCATE |
        fileAccess.IOCTL_DEV,
    );
    expect(rules.length).toBe(byPath.size);
  });

  test.each([
    [2, 2n ** 14n - 1n],
    [3, 2n ** 15n - 1n],
    [4, 2n ** 15n - 1n],
    [5, everything],
    [99, everything],
  ])('asks version %d of the interface for what it has', (landlock, files) => {
    const {rules, ruleset} = compile({facts: {landlock}});
    expect(ruleset?.files).toBe(files);
    expect(rules).toEqual([['/', files]]);
  });

  test('keeps abstract sockets apart where the network is shared, if the kernel can', () => {
    const request = {network: 'host'} as const;
    expect(compile({request}).ruleset?.scoped).toBe(1n);
    expect(compile({request, facts: {landlock: 5}}).ruleset?.scoped).toBe(0n);
  });

  test.each<[string, Change]>([
    ['the kernel has no Landlock', {facts: {landlock: 0}}],
    ['no file could be moved between directories', {facts: {landlock: 1}}],
    ['CAP_SYS_ADMIN is asked for', {request: {capAdd: ['SYS_ADMIN']}}],
    ['CAP_SYS_ADMIN is asked for', {request: {privileged: true}}],
    ['unconfined is asked for', {landlock: 'unconfined'}],
  ])('is left out, and that is said: %s', (reason, change) => {
    const {names, omitted} = compile(change);
    expect(names).not.toContain('createRuleset');
    expect(names).not.toContain('restrictSelf');
    expect(omitted).toContain(reason);
  });

  test('is left out where system calls are not filtered: namespaces are for mounts', () => {
    const spec = buildSpec({args: ['true'], rootPath: '/'});
    const plan = compilePlan(spec, host, {id: 'test', trees: ['/']});
    expect(plan.omitted?.join('')).toContain('system calls are not filtered');
  });

  test('is nothing where nobody says what the container is given', () => {
    const spec = buildSpec({args: ['true'], rootPath: '/'});
    const plan = compilePlan(spec, host, {id: 'test'});
    expect(plan.operations.map(({op}) => op)).not.toContain('createRuleset');
    expect(plan).not.toHaveProperty('omitted');
  });
});
