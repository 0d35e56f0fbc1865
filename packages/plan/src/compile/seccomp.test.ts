import {buildSpec, type Seccomp} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {compilePlan} from './compile.ts';
import type {HostFacts} from './host.ts';

const host: HostFacts = {
  uid: 0,
  gid: 0,
  machine: 'x86_64',
  capabilities: 2n ** 41n - 1n,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};
const filter: Seccomp = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{names: ['mount'], action: 'SCMP_ACT_ERRNO', errnoRet: 1}],
};

function operationsOf(noNewPrivileges: boolean, facts: HostFacts = host, seccomp = filter) {
  const spec = buildSpec({args: ['true'], rootPath: '/', noNewPrivileges});
  return compilePlan({...spec, linux: {...spec.linux, seccomp}}, facts, {id: 'test'}).operations;
}

describe('a filter of system calls', () => {
  test('is loaded last that takes CAP_SYS_ADMIN, which is given up right after it', () => {
    const operations = operationsOf(false);
    const at = operations.findIndex(({op}) => op === 'loadSeccomp');
    const [before, load, after, next] = operations.slice(at - 1);
    expect(load?.stage).toBe('confine');
    expect(next?.stage).toBe('gate');
    const sysAdmin = 1n << 21n;
    expect(before?.op === 'setCapabilities' && before.args.effective & sysAdmin).toBe(sysAdmin);
    expect(after?.op === 'setCapabilities' && after.args.permitted & sysAdmin).toBe(0n);
  });

  test('is loaded last where no_new_privs allows it', () => {
    const names = operationsOf(true).map(({op}) => op);
    expect(names.indexOf('loadSeccomp')).toBe(names.indexOf('execute') - 1);
    expect(names.indexOf('loadSeccomp')).toBeGreaterThan(names.indexOf('noNewPrivileges'));
  });

  test('is given as whole instructions', () => {
    const load = operationsOf(false).find(({op}) => op === 'loadSeccomp');
    expect(load?.op === 'loadSeccomp' && load.args.program.length % 2).toBe(0);
  });

  test('is not there where the spec has none', () => {
    const spec = buildSpec({args: ['true'], rootPath: '/'});
    const names = compilePlan(spec, host, {id: 'test'}).operations.map(({op}) => op);
    expect(names).not.toContain('loadSeccomp');
  });

  test('is refused on a machine whose system calls are not known', () => {
    const {machine: _, ...unknown} = host;
    expect(() => operationsOf(false, unknown)).toThrow(/system calls are not known/);
  });
});
