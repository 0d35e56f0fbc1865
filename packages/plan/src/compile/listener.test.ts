import type {Seccomp, Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {compileListener} from './listener.ts';

const base: Spec = {ociVersion: '1.2.0', root: {path: '/'}};
const notify = {names: ['mount'], action: 'SCMP_ACT_NOTIFY'} as const;

function compile(seccomp: Partial<Seccomp>, spec: Partial<Spec> = {}) {
  const filter: Seccomp = {defaultAction: 'SCMP_ACT_ALLOW', syscalls: [notify], ...seccomp};
  return compileListener({...base, linux: {seccomp: filter}, ...spec}, 'one', '/c/one');
}

/** The state that the listener of these operations is sent. */
function stateOf([operation]: ReturnType<typeof compile>, pid: number): unknown {
  expect.assert(operation?.op === 'connectListener');
  return JSON.parse(operation.args.state.join(String(pid)));
}

describe('a listener', () => {
  test('is told the state of the process, in which only the pid is not known yet', () => {
    const annotations = {note: '$pid "and" \\ more'};
    const found = compile({listenerPath: '/run/a.sock', listenerMetadata: '$pid'}, {annotations});
    expect(found[0]).toMatchObject({stage: 'attach', args: {path: '/run/a.sock'}});
    expect(stateOf(found, 4711)).toEqual({
      ociVersion: '1.2.0',
      fds: ['seccompFd'],
      pid: 4711,
      metadata: '$pid',
      state: {
        ociVersion: '1.2.0',
        id: 'one',
        status: 'creating',
        pid: 4711,
        bundle: '/c/one',
        annotations,
      },
    });
  });

  test('is told which container a process joins', () => {
    const seccomp: Seccomp = {
      ...{defaultAction: 'SCMP_ACT_ALLOW', listenerPath: '/run/a.sock', syscalls: [notify]},
    };
    const found = compileListener({...base, linux: {seccomp}}, 'one', '/c/one', 12);
    expect(stateOf(found, 4711)).toMatchObject({
      pid: 4711,
      state: {status: 'running', pid: 12, bundle: '/c/one'},
    });
  });

  test('is told no metadata and no annotations where there are none', () => {
    const state = stateOf(compile({listenerPath: '/run/a.sock'}), 1);
    expect(state).not.toHaveProperty('metadata');
    expect(state).not.toHaveProperty('state.annotations');
  });

  test('is not there where no rule notifies', () => {
    expect(compile({listenerPath: '/run/a.sock', syscalls: []})).toEqual([]);
    expect(compileListener(base, 'one', '/c/one')).toEqual([]);
  });

  test.each([
    [undefined, 'nobody would answer'],
    ['', 'nobody would answer'],
    ['agent.sock', 'is not absolute'],
    [`/${'é'.repeat(54)}`, 'more than 107 bytes'],
  ])('cannot have the path %j', (listenerPath, message) => {
    expect(() => compile({...(listenerPath !== undefined && {listenerPath})})).toThrow(message);
  });
});
