import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {type Check, check} from './check.ts';
import {minicontainer} from './command.ts';
import type {Person} from './people.ts';

/** What the other checks rely on. */
export function host(): Check {
  return check('the host has cgroup v2 and no other', async () => {
    const mounts = readFileSync('/proc/self/mounts', 'utf8');
    assert.match(mounts, /^cgroup2 \/sys\/fs\/cgroup cgroup2 /m);
    assert.doesNotMatch(mounts, / cgroup /);
    assert.equal(readFileSync('/proc/self/cgroup', 'utf8'), '0::/checks\n');
  });
}

export function doctor(person: Person): Check {
  return check(
    `doctor finds nothing missing for ${person.name}, and cgroups version 2`,
    async () => {
      const {status, stdout, stderr} = await minicontainer(person, ['doctor']);
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /^ok +cgroups +version 2$/m);
      assert.match(stdout, /^ok +a container /m);
      if (person.uid !== 0) {
        const verdict = person.subordinate === undefined ? 'warn' : 'ok';
        assert.match(stdout, new RegExp(`^${verdict} +subordinate ids `, 'm'));
      }
    },
  );
}
