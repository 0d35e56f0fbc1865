import {buildSpec, type Linux, type Process, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import {parseIdList} from './id-list.ts';
import {compileScheduling} from './scheduling.ts';

const spec = buildSpec({args: ['sh'], rootPath: '/'});

function lines(changes: {process?: Partial<Process>; linux?: Partial<Linux>}): string[] {
  const process: Process = {args: ['sh'], cwd: '/', ...spec.process, ...changes.process};
  const changed: Spec = {...spec, process, linux: {...spec.linux, ...changes.linux}};
  return compileScheduling(changed, process).map(describeOperation);
}

describe('the treatment that a spec asks of the kernel', () => {
  test('is nothing unless asked for, and affinity is for later processes alone', () => {
    expect(lines({})).toEqual([]);
    expect(lines({process: {execCPUAffinity: {initial: '0', final: '1'}}})).toEqual([]);
  });

  test.each<[string, Parameters<typeof lines>[0], string]>([
    [
      'a nicer process',
      {process: {scheduler: {policy: 'SCHED_OTHER', nice: -5}}},
      'setScheduler policy=0 nice=-5 priority=0',
    ],
    [
      'a deadline',
      {
        process: {
          scheduler: {
            policy: 'SCHED_DEADLINE',
            flags: ['SCHED_FLAG_RESET_ON_FORK', 'SCHED_FLAG_DL_OVERRUN'],
            runtime: 1_000_000,
            deadline: 2_000_000,
            period: 3_000_000,
          },
        },
      },
      'setScheduler policy=6 flags=0x5 nice=0 priority=0 runtime=1000000 deadline=2000000 period=3000000',
    ],
    [
      'reads and writes when nobody else wants any',
      {process: {ioPriority: {class: 'IOPRIO_CLASS_IDLE', priority: 7}}},
      `setIoPriority priority=${(3 << 13) | 7}`,
    ],
    [
      'a machine of 32 bits whose addresses are always the same',
      {linux: {personality: {domain: 'LINUX32', flags: ['ADDR_NO_RANDOMIZE']}}},
      'setPersonality persona=0x40008',
    ],
    [
      'nodes of memory',
      {
        linux: {
          memoryPolicy: {mode: 'MPOL_BIND', nodes: '0-1,33', flags: ['MPOL_F_STATIC_NODES']},
        },
      },
      `setMemoryPolicy mode=0${(0x8002).toString(8)} nodes=[3 2]`,
    ],
    [
      'the node that is near',
      {linux: {memoryPolicy: {mode: 'MPOL_LOCAL'}}},
      'setMemoryPolicy mode=04',
    ],
  ])('%s', (_, changes, line) => {
    expect(lines(changes)).toEqual([line]);
  });

  test.each<[Parameters<typeof lines>[0], string]>([
    [
      {linux: {personality: {domain: 'LINUX', flags: ['constructor']}}},
      'there is no personality flag constructor',
    ],
    [{linux: {memoryPolicy: {mode: 'MPOL_BIND', nodes: '0-9999'}}}, 'no memory nodes: 0-9999'],
    [{linux: {memoryPolicy: {mode: 'MPOL_BIND', nodes: '3-1'}}}, 'no memory nodes: 3-1'],
  ])('but not %j', (changes, message) => {
    expect(() => lines(changes)).toThrow(message);
  });
});

test.each([
  ['', []],
  ['0', [0]],
  ['0-2, 7\n', [0, 1, 2, 7]],
  ['1,,2', undefined],
  ['-1', undefined],
  ['8', undefined],
])('the list %j is %j', (text, numbers) => {
  expect(parseIdList(text, 8)).toEqual(numbers);
});
