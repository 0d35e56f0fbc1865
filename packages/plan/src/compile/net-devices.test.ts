import {buildSpec, type NetDevice, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {compilePlan} from './compile.ts';
import type {HostFacts} from './host.ts';
import {compileNetDevices} from './net-devices.ts';

const root: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0x1ff_ffff_ffffn,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};

function specWith(netDevices: Record<string, NetDevice>): Spec {
  const base = buildSpec({args: ['sh'], rootPath: '/'});
  return {...base, linux: {...base.linux, netDevices}};
}

const compile = (netDevices: Record<string, NetDevice>, facts = root) =>
  compileNetDevices(specWith(netDevices), facts);

describe('network devices', () => {
  test('are moved in their order, each to its own name or another', () => {
    const found = compile({eth1: {}, eth0: {name: 'in0'}, eth2: {name: 'x%d'}});
    expect(found.map(({stage, op, args}) => ({stage, op, ...args}))).toEqual([
      {stage: 'hooks', op: 'moveLink', name: 'eth1', newName: 'eth1'},
      {stage: 'hooks', op: 'moveLink', name: 'eth0', newName: 'in0'},
      {stage: 'hooks', op: 'moveLink', name: 'eth2', newName: 'x%d'},
    ]);
    expect(compile({})).toEqual([]);
  });

  test('are moved before the hooks run, and make the container wait', () => {
    const spec = {...specWith({eth0: {}}), hooks: {prestart: [{path: '/h'}]}};
    const ops = compilePlan(spec, root, {id: 'a'}).operations;
    expect(ops.filter(({stage}) => stage === 'hooks').map(({op}) => op)).toEqual([
      'moveLink',
      'runHook',
    ]);
    const {operations} = compilePlan(specWith({eth0: {}}), root, {id: 'a'});
    expect(operations.map(({op}) => op)).toContain('awaitHooks');
  });
});

describe('network devices are refused', () => {
  test('without a network namespace to move them to', () => {
    const spec = specWith({eth0: {}});
    const namespaces = spec.linux?.namespaces?.filter(({type}) => type !== 'network') ?? [];
    const shared = {...spec, linux: {...spec.linux, namespaces}};
    expect(() => compileNetDevices(shared, root)).toThrow('has no "network"');
    const joined = [...namespaces, {type: 'network', path: '/run/netns/a'} as const];
    expect(
      compileNetDevices({...shared, linux: {...spec.linux, namespaces: joined}}, root),
    ).toHaveLength(1);
  });

  test('to a plain user', () => {
    expect(() => compile({eth0: {}}, {...root, uid: 1000})).toThrow('by root alone');
  });

  test.each(['a%', 'a%s', '%d%d', '%%d'])('with the name %s', (name) => {
    expect(() => compile({eth0: {name}})).toThrow('is no name of a network device');
  });

  test('where two are to have one name, unless the kernel numbers them', () => {
    expect(() => compile({eth0: {name: 'a'}, eth1: {name: 'a'}})).toThrow('that are to be a');
    expect(() => compile({eth0: {name: 'eth1'}, eth1: {}})).toThrow('that are to be eth1');
    expect(compile({eth0: {name: 'a%d'}, eth1: {name: 'a%d'}})).toHaveLength(2);
  });
});
