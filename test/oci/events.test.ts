import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {describe, expect, test} from 'vitest';
import {ours, TestRuntime} from './harness/runtime.ts';

const busy = ['sh', '-c', 'cat /bin/busybox >/dev/null; sleep 1001 & sleep 1000'];

/** Every place in a value, numbers of lists and counters by their own names left out. */
function shapeOf(value: unknown, place = ''): string[] {
  if (Array.isArray(value))
    return [...new Set(value.flatMap((each) => shapeOf(each, `${place}[]`)))];
  if (typeof value !== 'object' || value === null) return [`${place}: ${typeof value}`];
  return Object.entries(value).flatMap(([name, each]) => shapeOf(each, `${place}.${name}`));
}

describe('events', () => {
  test('--stats prints one line in the shape of runc', () => {
    using runtime = new TestRuntime();
    using runc = new TestRuntime('runc');
    const [found, yardstick] = [runtime, runc].map((one) => {
      one.start(one.bundle('stats', busy), 'stats');
      return one.must('events', '--stats', 'stats');
    }) as [string, string];
    expect(found.split('\n')).toHaveLength(2);
    // What is zero is left out, which chance decides of some.
    const always = (line: string) =>
      shapeOf(JSON.parse(line)).filter(
        (place) => !/\.(max|minor|value|throttled|cache)\b/.test(place),
      );
    expect(always(found)).toEqual(expect.arrayContaining(always(yardstick)));
    const {type, id, data} = JSON.parse(found);
    expect({type, id}).toEqual({type: 'stats', id: 'stats'});
    expect(data.pids.current).toBe(2);
    expect(data.memory.usage.usage).toBeGreaterThan(0);
  });

  test('counters keep all digits of 64 bits', () => {
    using runtime = new TestRuntime();
    runtime.start(runtime.bundle('digits', busy), 'digits');
    expect(runtime.must('events', '--stats', 'digits')).toContain('"limit":9223372036854771712');
  });

  test('are told until the container ends, and that memory ran out', async () => {
    using runtime = new TestRuntime();
    const hog = ['sh', '-c', 'sleep 1; dd if=/dev/zero of=/dev/null bs=200M count=1; sleep 1'];
    const bundle = runtime.bundle('hog', hog, ({linux, ...spec}) => ({
      ...spec,
      linux: {
        ...linux,
        resources: {...linux?.resources, memory: {limit: 16 << 20, swap: 16 << 20}},
      },
    }));
    runtime.start(bundle, 'hog');
    const words = ['--root', runtime.root, 'events', '--interval', '200ms', 'hog'];
    const child = spawn(ours, words, {stdio: ['ignore', 'pipe', 'inherit']});
    const told: {type: string; id: string; data?: object}[] = [];
    for await (const line of createInterface(child.stdout)) told.push(JSON.parse(line));
    expect(told.filter(({type}) => type === 'oom')).toEqual([{type: 'oom', id: 'hog'}]);
    expect(told.filter(({type}) => type === 'stats').length).toBeGreaterThan(3);
  });

  test('of one that has ended, or by an interval of nothing, are an error', () => {
    using runtime = new TestRuntime();
    runtime.start(runtime.bundle('ended', ['sleep', '1000']), 'ended');
    expect(runtime.run('events', '--interval', '0s', 'ended').stderr).toContain('invalid duration');
    runtime.must('kill', 'ended', 'KILL');
    while (JSON.parse(runtime.must('state', 'ended')).status !== 'stopped');
    expect(runtime.run('events', '--stats', 'ended').stderr).toContain('container not running');
  });
});
