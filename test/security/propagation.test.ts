import {it} from 'vitest';
import {describeRoot, someone} from '../e2e/harness/people.ts';
import {makeSystem} from '../e2e/harness/system.ts';
import {expectGuarded} from './harness/attack.ts';
import {dropping} from './harness/plan-mutants.ts';

/** A host of its own for a command, whose mounts are all shared, as systemd makes them; prints new ones. */
const sharedHost = `
mount --make-rshared / && grep -c . /proc/self/mountinfo > "$0"
"$@" > /dev/null
after=$(grep -c . /proc/self/mountinfo)
test "$after" = "$(cat "$0")" || tail -n 3 /proc/self/mountinfo`;

// In a user namespace the kernel makes all mounts of the host's slaves by itself.
describeRoot('mounts of a container with the host’s ids', () => {
  it('do not appear on the host', async () => {
    await expectGuarded(
      someone,
      (round) => {
        const root = makeSystem(someone, `system-${round}`);
        return {
          words: ['--userns', 'host', '--rootfs', root, '/bin/true'],
          options: {through: ['unshare', '-m', 'sh', '-c', sharedHost, `${root}/../count`]},
          gain: ({stdout}) => stdout,
        };
      },
      [{without: 'setPropagation', plan: dropping('setPropagation')}],
    );
  });
});
