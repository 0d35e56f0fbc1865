import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Check, check} from './check.ts';
import {minicontainer, start} from './command.ts';
import {runningContainer} from './limits/container.ts';
import type {Person} from './people.ts';

const patienceMs = 5000;

/** The supervisor is killed, who could have cleaned up. */
export function killed(person: Person, round = ''): Check {
  return check(
    `${person.name}'s next run removes what a killed one left on disk${round}`,
    async () => {
      const containers = join(person.state, 'containers');
      const script =
        'mkdir -p /material/theirs/deep; echo x >/material/theirs/deep/file; ' +
        'chown -R 5:5 /material/theirs; chmod 0 /material/theirs; rm -rf /material/tree; ' +
        'echo ready; sleep 1000';
      const rootfs = join(person.home, 'system');
      const running = start(person, [
        ...['minicontainer', 'run', '--rootfs', `${rootfs}:O`, 'sh', '-c', script],
      ]);
      await running.printed('ready');
      assert.notEqual(countNested(), 0, 'the container runs');
      process.kill(runningContainer().supervisor, 'SIGKILL');
      await running.result;
      await waitFor(() => countNested() === 0, 'the container ends with its supervisor');
      const [id = ''] = readdirSync(containers);
      const left = join(containers, id, 'rw/root/upper/material/theirs');
      assert.ok(existsSync(left), 'what the container wrote is on disk');
      assert.notEqual(statSync(left).uid, 0);
      const {status, stderr} = await minicontainer(person, ['run', '/bin/true']);
      assert.equal(status, 0, stderr);
      assert.deepEqual(readdirSync(containers), []);
    },
  );
}

/** Those in a pid namespace below ours: a container's, and its keeper. */
function countNested(): number {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isNested(pid)).length;
}

function isNested(pid: string): boolean {
  try {
    return /^NSpid:\t\d+\t/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function waitFor(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!condition()) {
    assert.ok(performance.now() < deadline, what);
    await sleep(20);
  }
}
