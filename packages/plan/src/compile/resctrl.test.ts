import {buildSpec, type IntelRdt, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import type {HostFacts} from './host.ts';
import {compileResctrl} from './resctrl.ts';

const host: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0n,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
  resctrlClasses: ['there'],
};

function lines(intelRdt: IntelRdt, facts = host): string[] {
  const built = buildSpec({args: ['sh'], rootPath: '/'});
  const spec: Spec = {...built, linux: {...built.linux, intelRdt}};
  const {operations, ending} = compileResctrl(spec, facts, 'abc');
  return [...operations, ...ending].map((some) => `${some.stage} ${describeOperation(some)}`);
}

describe('a class of cache and memory bandwidth', () => {
  test('is made for the container, entered by it, and removed after it', () => {
    expect(lines({l3CacheSchema: 'L3:0=f', schemata: ['MB:0=50']})).toEqual([
      'prepare makeCgroup hierarchy=/sys/fs/resctrl path=abc to=class',
      'prepare writeCgroup cgroup=class file=schemata data="L3:0=f\\nMB:0=50\\n"',
      'prepare openMembers cgroup=class file=tasks to="class tasks"',
      'build enterCgroup members="class tasks"',
      'ending removeCgroup path=/sys/fs/resctrl/abc',
    ]);
  });

  test('that is there already stays', () => {
    expect(lines({closID: 'there'}).at(-1)).toBe('build enterCgroup members="class tasks"');
    expect(
      lines({closID: '/', schemata: ['MB:0=50']}).some((line) => line.includes('remove')),
    ).toBe(false);
  });

  test('may be watched by a group of its own', () => {
    expect(lines({closID: 'there', enableMonitoring: true}).slice(3)).toEqual([
      'prepare makeCgroup hierarchy=/sys/fs/resctrl path=there/mon_groups/abc to=monitor',
      'prepare openMembers cgroup=monitor file=tasks to="monitor tasks"',
      'build enterCgroup members="monitor tasks"',
      'ending removeCgroup path=/sys/fs/resctrl/there/mon_groups/abc',
    ]);
  });

  test('is an error where there can be none', () => {
    const {resctrlClasses: _, ...none} = host;
    expect(() => lines({closID: 'x'}, none)).toThrow('/sys/fs/resctrl, which is not mounted');
    expect(() => lines({closID: 'x'})).toThrow('there is no class x');
    expect(lines({}, none)).toEqual([]);
  });
});
