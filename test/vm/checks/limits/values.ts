import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {type Check, check} from '../check.ts';
import {minicontainer} from '../command.ts';
import type {Person} from '../people.ts';
import {inSystem, readCgroup, startSystem} from './container.ts';

const mebibyte = 1 << 20;

/** Whether systemd runs (sd_booted(3)). */
const isBooted = existsSync('/run/systemd/system');

/** Limits of what every user manager hands on. */
const common: Readonly<Record<string, readonly [flags: readonly string[], value: string]>> = {
  'memory.max': [['--memory', '64m'], `${64 * mebibyte}`],
  'memory.swap.max': [['--memory-swap', '96m'], `${32 * mebibyte}`],
  'memory.low': [['--memory-reservation', '32m'], `${32 * mebibyte}`],
  'memory.high': [['--cgroup-conf', `memory.high=${48 * mebibyte}`], `${48 * mebibyte}`],
  'cpu.max': [['--cpus', '0.5'], '50000 100000'],
  'cpu.weight': [['--cpu-shares', '512'], '59'],
  'pids.max': [['--pids-limit', '33'], '33'],
};

/** Limits of controllers that are root's to hand on; the disk is /dev/vda. */
const rootsOwn: typeof common = {
  'cpuset.cpus': [['--cpuset-cpus', '1'], '1'],
  'cpuset.mems': [['--cpuset-mems', '0'], '0'],
  'io.max': [
    ['--device-write-bps', '/dev/vda:1mb', '--device-read-iops', '/dev/vda:100'],
    `254:0 rbps=max wbps=${mebibyte} riops=100 wiops=max`,
  ],
};

/** What systemd has no part in. */
const apart: typeof common = {
  'hugetlb.2MB.max': [['--cgroup-conf', `hugetlb.2MB.max=${4 * mebibyte}`], `${4 * mebibyte}`],
};

/** What stands in the files of a container's cgroup. */
export function limitValues(person: Person): Check {
  const more = isBooted ? rootsOwn : {...rootsOwn, ...apart};
  const limits = person.uid === 0 ? {...common, ...more} : common;
  return check(
    `each limit of ${person.name}'s is in its file of the container's cgroup`,
    async () => {
      const flags = Object.values(limits).flatMap(([words]) => words);
      const {running, directory} = await startSystem(person, flags, 'echo ready; read line');
      const found = Object.keys(limits).map((file) => [file, readCgroup(directory, file)]);
      const expected = Object.entries(limits).map(([file, [, value]]) => [file, value]);
      assert.deepEqual(found, expected);
      running.write('');
      assert.equal((await running.result).status, 0);
      assert.ok(!existsSync(directory), `${directory} is gone`);
    },
  );
}

/** Without a flag. */
export function defaultLimits(person: Person): Check {
  return check(`a container of ${person.name}'s may have 2048 tasks unless said`, async () => {
    const words = inSystem(person, [], 'cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/memory.max');
    const {stdout, stderr} = await minicontainer(person, words);
    assert.equal(stdout, '2048\nmax\n', stderr);
  });
}

/** No manager gives this plain user a cgroup. */
export function limitsRefused(person: Person): Check {
  return check(
    `a limit of ${person.name}'s is refused with what to do, and none is not`,
    async () => {
      const refused = await minicontainer(person, inSystem(person, ['-m', '64m'], 'echo ran'));
      assert.equal(refused.status, 125, refused.stderr);
      assert.equal(refused.stdout, '');
      assert.match(
        refused.stderr,
        /^minicontainer: .*memory.* needs the cgroup controller memory: .*\nhint: .*systemd --user.*\n$/,
      );
      const free = await minicontainer(person, inSystem(person, [], 'echo ran'));
      assert.deepEqual(free, {status: 0, stdout: 'ran\n', stderr: ''});
    },
  );
}
