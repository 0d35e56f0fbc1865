import assert from 'node:assert/strict';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Check, check} from '../check.ts';
import {minicontainer} from '../command.ts';
import type {Person} from '../people.ts';
import {inSystem, readCgroup, startSystem} from './container.ts';

/** Limits that something runs against, besides memory. */
export function limitsUnderLoad(person: Person): Check[] {
  return [forkBomb(person), spinning(person)];
}

/** Fills a buffer of 200 MiB. */
const hog = 'dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null';

/** Memory runs out. */
export function memoryHog(person: Person): Check {
  return check(`a memory hog of ${person.name}'s is killed alone, and said so`, async () => {
    const survived = await minicontainer(
      person,
      inSystem(person, ['-m', '32m', '--memory-swap', '32m'], `${hog}; echo $?; true`),
    );
    assert.equal(survived.stdout, '137\n', survived.stderr);
    assert.equal(survived.status, 0);
    assert.match(
      survived.stderr,
      /^minicontainer: memory ran out, with a limit of 32 MiB: the kernel killed 1 of .*\nhint: /m,
    );
    const flags = ['-m', '32m', '--memory-swap', '32m'];
    const killed = await minicontainer(person, inSystem(person, flags, `exec ${hog}`));
    assert.equal(killed.status, 137, killed.stderr);
    assert.match(killed.stderr, /memory ran out, with a limit of 32 MiB/);
  });
}

function forkBomb(person: Person): Check {
  return check(
    `a fork bomb of ${person.name}'s stops at its limit, and the host goes on`,
    async () => {
      const bomb = 'bomb() { bomb | bomb & }; bomb 2>/dev/null; echo ready; exec sleep 1000';
      const {running, directory, supervisor} = await startSystem(
        person,
        ['--pids-limit', '30'],
        bomb,
      );
      const refusals = () => Number(/^max (\d+)$/m.exec(readCgroup(directory, 'pids.events'))?.[1]);
      for (let round = 0; refusals() === 0 && round < 100; round++) await sleep(100);
      assert.notEqual(refusals(), 0, 'the limit was reached');
      assert.ok(Number(readCgroup(directory, 'pids.current')) <= 30);
      const other = await minicontainer(person, inSystem(person, [], 'echo still here'));
      assert.equal(other.stdout, 'still here\n', other.stderr);
      process.kill(supervisor, 'SIGKILL');
      await running.result;
      const next = await minicontainer(person, inSystem(person, [], 'true'));
      assert.equal(next.status, 0, next.stderr);
    },
  );
}

const windowMs = 6000;

function spinning(person: Person): Check {
  return check(
    `a spinning process of ${person.name}'s has its quota of CPU within 10 %`,
    async () => {
      const spin = 'echo ready; while :; do :; done';
      const {running, directory, supervisor} = await startSystem(person, ['--cpus', '0.3'], spin);
      const used = () => Number(/^usage_usec (\d+)$/m.exec(readCgroup(directory, 'cpu.stat'))?.[1]);
      const [usedBefore, before] = [used(), performance.now()];
      await sleep(windowMs);
      const share = (used() - usedBefore) / 1000 / (performance.now() - before);
      process.kill(supervisor, 'SIGTERM');
      await running.result;
      assert.ok(share >= 0.27 && share <= 0.33, `${share} of a CPU, where 0.3 were allowed`);
    },
  );
}
