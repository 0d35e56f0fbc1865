import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type Check, check} from '../check.ts';
import {start} from '../command.ts';
import {cgroupOf, readCgroup} from '../limits/container.ts';
import type {Person} from '../people.ts';
import {changeAndEnd} from './lifecycle.ts';
import {Runtime} from './runtime.ts';

const mebibyte = 1 << 20;

/**
 * A container of an engine's in a scope of systemd's, which is its own.
 *
 * @param asking who asks systemd about it
 * @param uid whom the person is where the engine runs
 */
export function engineScope(person: Person, asking = person, uid = person.uid): Check {
  const [slice, place, manager] =
    person.uid === 0
      ? ['engine-pods.slice', '/engine.slice/engine-pods.slice', []]
      : [
          'user.slice',
          `/user.slice/user-${person.uid}.slice/user@${person.uid}.service/user.slice`,
          ['--user'],
        ];
  return check(`an engine of ${person.name}'s has its container in a scope`, async () => {
    using runtime = new Runtime(person, ['--systemd-cgroup'], uid);
    const ask = async (...words: string[]) => {
      const {stdout, stderr} = await start(asking, ['systemctl', ...manager, ...words]).result;
      return `${stdout}${stderr}`.trim();
    };
    const unit = 'libpod-one.scope';
    const pid = await runtime.start('one', ['sh', '-c', 'sleep 1000 & while :; do :; done'], {
      cgroupsPath: `${slice}:libpod:one`,
      resources: {memory: {limit: 64 * mebibyte}, pids: {limit: 20}},
    });
    assert.equal(cgroupOf(pid), `${place}/${unit}`);
    const directory = join('/sys/fs/cgroup', place, unit);
    assert.equal(readCgroup(directory, 'memory.max'), `${64 * mebibyte}`);
    assert.equal(readCgroup(directory, 'cgroup.procs').split('\n').length, 2, 'nobody of ours');
    await ask('daemon-reload');
    assert.equal(readCgroup(directory, 'memory.max'), `${64 * mebibyte}`, 'systemd knows it');
    assert.equal(await ask('show', '-P', 'MemoryMax', unit), `${64 * mebibyte}`);

    await changeAndEnd(runtime, 'one', directory);
    assert.ok(!existsSync(directory), 'it is gone');
    assert.equal(await ask('list-units', '--all', '--no-legend', '--plain', unit), '');
  });
}
