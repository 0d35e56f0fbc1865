import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Check, check} from '../check.ts';
import {minicontainer} from '../command.ts';
import {type Person, root} from '../people.ts';
import {cgroupOf, inSystem, startSystem} from './container.ts';

/** Who is in a container's cgroup, and for how long there is one. */
export function membership(): Check[] {
  return [
    check("the supervisor is not in the container's cgroup", async () => {
      const {running, cgroup, directory, supervisor} = await startSystem(
        root,
        [],
        'echo ready; read line',
      );
      assert.match(cgroup, /^\/minicontainer-[0-9a-f]{64}$/);
      assert.equal(cgroupOf(supervisor), cgroupOf('self'));
      running.write('');
      assert.equal((await running.result).status, 0);
      assert.ok(!existsSync(directory), 'it is gone with the container');
    }),
    check(
      'a cgroup of a container whose supervisor was killed goes with the next run',
      async () => {
        const {running, directory, supervisor} = await startSystem(
          root,
          [],
          'echo ready; exec sleep 1000',
        );
        process.kill(supervisor, 'SIGKILL');
        await running.result;
        const next = await minicontainer(root, inSystem(root, [], 'true'));
        assert.equal(next.status, 0, next.stderr);
        for (let round = 0; existsSync(directory) && round < 50; round++) await sleep(20);
        assert.ok(!existsSync(directory), `${directory} is gone`);
      },
    ),
  ];
}

/** The container's own cgroup in its eyes. */
export function ownCgroup(person: Person): Check {
  return check(`${person.name}'s container sees its limits, and cannot change them`, async () => {
    const script = `cat /proc/self/cgroup /sys/fs/cgroup/pids.max
      echo 99 2>/dev/null >/sys/fs/cgroup/pids.max; mkdir /sys/fs/cgroup/x 2>/dev/null
      cat /sys/fs/cgroup/pids.max`;
    const words = inSystem(person, ['--pids-limit', '44'], script);
    const {stdout, stderr} = await minicontainer(person, words);
    assert.equal(stdout, '0::/\n44\n44\n', stderr);
  });
}
