import {existsSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeRoot, someone} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {type Started, start} from '../harness/run.ts';
import {makeSystem} from '../harness/system.ts';

const count = 200;
/** As many as start without making each other wait for long. */
const wave = 10;

interface Range {
  readonly first: number;
  readonly size: number;
}

function rangesOf(file: string): Range[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({first: Number(line.split(':')[1]), size: Number(line.split(':')[2])}));
}

/** Pairs of neighbours that share an id. */
function overlaps(ranges: readonly Range[]): Range[][] {
  const sorted = ranges.toSorted((a, b) => a.first - b.first);
  return sorted.flatMap((range, index) => {
    const next = sorted[index + 1];
    return next !== undefined && range.first + range.size > next.first ? [[range, next]] : [];
  });
}

describeRoot('containers that run at once', () => {
  it(`are ${count} with as many ranges of ids, which nobody else has and which are free afterwards`, {
    timeout: 240_000,
  }, async () => {
    const words = ['--rootfs', makeSystem(someone), '/bin/sh', '-c'];
    const command = 'cat /proc/self/uid_map /proc/self/gid_map; echo mapped; read line';
    const started: Started[] = [];
    const maps: string[] = [];
    for (let begun = 0; begun < count; begun += wave) {
      const some = Array.from({length: wave}, () =>
        start([...['run', ...words], command], {stdin: 'open', timeoutMs: 200_000}),
      );
      started.push(...some);
      maps.push(...(await Promise.all(some.map(({printed}) => printed('mapped\n')))));
    }
    const ranges = maps.map((map) => {
      const [users, groups] = map.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
      expect(groups).toEqual(users);
      return {first: users?.[1] ?? Number.NaN, size: users?.[2] ?? Number.NaN};
    });
    expect(new Set(ranges.map(({first}) => first)).size).toBe(count);
    expect(ranges.every(({size}) => size === 65_536)).toBe(true);
    const foreign = ['/etc/subuid', '/etc/subgid'].flatMap(rangesOf);
    expect(overlaps(ranges)).toEqual([]);
    for (const range of foreign) expect(overlaps([...ranges, range])).toEqual([]);

    const {state} = roomOf(someone);
    const held = readdirSync(join(state, 'ranges'));
    const holders = held.map((name) => readlinkSync(join(state, 'ranges', name)));
    expect(holders.toSorted()).toEqual(readdirSync(join(state, 'containers')).toSorted());
    expect(holders).toHaveLength(count);

    for (const {stdin} of started) stdin.end('\n');
    const results = await Promise.all(started.map(({result}) => result));
    expect(results.filter(({status, stderr}) => status !== 0 || stderr !== '')).toEqual([]);
    expect(readdirSync(join(state, 'ranges'))).toEqual([]);
    expect(readdirSync(join(state, 'containers'))).toEqual([]);
  });
});
