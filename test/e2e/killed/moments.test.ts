import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {familyOf, kill, survivors} from '../harness/family.ts';
import {describeEach} from '../harness/people.ts';
import {run, start} from '../harness/run.ts';
import {bash} from '../harness/words.ts';

const rounds = process.env.MINICONTAINER_TEST_LONG === '1' ? 150 : 14;
const latestMs = 200;
const victims = ['supervisor', 'keeper', 'init'] as const;

describeEach('a container that is killed at any moment after its start', (person) => {
  it(`leaves no process, and nothing that the next run does not sweep (${rounds} times)`, async () => {
    for (let round = 0; round < rounds; round++) {
      // Spread over the time that a start takes; the fraction makes every run try other moments.
      const delayMs = ((round + Math.random()) / rounds) * latestMs;
      const victim = victims[round % victims.length] ?? 'supervisor';
      const container = start(['run', ...bash('setsid sleep 100 & sleep 100')], {as: person});
      await sleep(delayMs);
      const family = familyOf(container.pid);
      const target = victim === 'supervisor' ? undefined : family[victim];
      if (target === undefined) container.process.kill('SIGKILL');
      else kill(target);
      const what = `${victim} killed after ${delayMs.toFixed(1)} ms`;
      const alive = await survivors([...family.all, ...familyOf(container.pid).all], 2000);
      expect(alive, what).toEqual([]);
      const {status, stderr} = await container.result;
      if (status === 125) {
        // Gone before it was given its ids: then that is what failed.
        expect(stderr, what).toMatch(/^minicontainer: .*\n(hint: .*\n)?$/);
      } else {
        expect(status, what).toBe(target === undefined ? 'SIGKILL' : 137);
      }
      expect(await run(['/bin/true'], {as: person}), what).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      });
    }
  }, 120_000);
});
