import assert from 'node:assert/strict';
import {existsSync, rmdirSync} from 'node:fs';
import {type Check, check} from '../check.ts';
import {cgroupOf, readCgroup} from '../limits/container.ts';
import type {Person} from '../people.ts';
import {Runtime} from './runtime.ts';

const mebibyte = 1 << 20;
const spin = ['sh', '-c', 'sleep 1000 & while :; do :; done'];

/** A container of an engine's, with a cgroup that is made by hand. */
export function cgroupByPath(person: Person): Check {
  return check(`an engine of ${person.name}'s has its container at the path it names`, async () => {
    using runtime = new Runtime(person);
    const pid = await runtime.start('path', spin, {
      cgroupsPath: '/engine/pod/path',
      resources: {
        devices: [{allow: false, access: 'rwm'}],
        memory: {limit: 64 * mebibyte},
        unified: {'memory.high': `${48 * mebibyte}`},
      },
    });
    assert.equal(cgroupOf(pid), '/engine/pod/path');
    const directory = '/sys/fs/cgroup/engine/pod/path';
    assert.equal(readCgroup(directory, 'memory.max'), `${64 * mebibyte}`);
    assert.equal(readCgroup(directory, 'memory.high'), `${48 * mebibyte}`);
    await runtime.must('pause', 'path');
    await runtime.must('resume', 'path');
    assert.equal((await runtime.state('path')).status, 'running');
    await changeAndEnd(runtime, 'path', directory);
    assert.ok(!existsSync(directory), 'it is gone');
    rmdirSync('/sys/fs/cgroup/engine/pod');
    rmdirSync('/sys/fs/cgroup/engine');
  });
}

/** Whoever may make no cgroup has a container without one. */
export function withoutCgroup(person: Person): Check {
  return check(
    `an engine of ${person.name}'s has its container where it may have no cgroup`,
    async () => {
      using runtime = new Runtime(person);
      const pid = await runtime.start('bare', ['sleep', '1000'], {
        cgroupsPath: '/engine/bare',
        resources: {devices: [{allow: false, access: 'rwm'}], pids: {limit: -1}},
      });
      assert.equal(cgroupOf(pid), cgroupOf('self'));
      assert.deepEqual(JSON.parse(await runtime.must('ps', '--format', 'json', 'bare')), [pid]);
      const {status, stderr} = await runtime.run('update', '--memory', '64m', 'bare');
      assert.equal(status, 1);
      assert.match(stderr, /has no cgroup that could be limited/);
      await runtime.must('kill', 'bare', 'KILL');
      await runtime.delete('bare');
    },
  );
}

/** Limited anew, paused, measured, and ended with every process: by its cgroup. */
export async function changeAndEnd(runtime: Runtime, id: string, directory: string): Promise<void> {
  await runtime.must('update', '--memory', '96m', '--pids-limit', '12', id);
  assert.equal(readCgroup(directory, 'memory.max'), `${96 * mebibyte}`);
  assert.equal(readCgroup(directory, 'pids.max'), '12');

  const used = () => /^usage_usec (\d+)$/m.exec(readCgroup(directory, 'cpu.stat'))?.[1];
  await runtime.must('pause', id);
  assert.equal((await runtime.state(id)).status, 'paused');
  const stopped = used();
  const {data} = JSON.parse(await runtime.must('events', '--stats', id));
  assert.equal(data.pids.current, 2);
  assert.equal(data.cpu.usage.total, Number(stopped) * 1000);
  assert.equal(used(), stopped, 'what is paused uses no CPU');

  await runtime.must('kill', '--all', id, 'KILL');
  await runtime.delete(id);
}
