import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {type Check, check} from '../check.ts';
import {minicontainer} from '../command.ts';
import {inSystem} from '../limits/container.ts';
import type {Person} from '../people.ts';

/** All is allowed but one file. */
const profile = `
profile minicontainer-check flags=(attach_disconnected,mediate_deleted) {
  file,
  capability,
  network,
  mount,
  umount,
  pivot_root,
  ptrace,
  signal,
  unix,
  deny /material/kept rw,
}
`;

/** AppArmor's profiles, by name. */
export function appArmor(person: Person): Check {
  return check(
    `an AppArmor profile confines ${person.name}'s container, an unknown one is refused`,
    async () => {
      execFileSync('apparmor_parser', ['--replace'], {
        input: profile,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      try {
        const script = 'cat /proc/self/attr/current; cat /material/file; cat /material/kept 2>&1';
        const named = (name: string) =>
          inSystem(person, ['--security-opt', `apparmor=${name}`], script);
        const confined = await minicontainer(person, named('minicontainer-check'));
        assert.match(
          confined.stdout,
          /^minicontainer-check \(enforce\)\na file\ncat: .*Permission denied\n$/,
          confined.stderr,
        );
        const unknown = await minicontainer(person, named('no-such-profile'));
        assert.equal(unknown.status, 125, unknown.stdout);
        assert.match(unknown.stderr, /^minicontainer: .*no-such-profile.*\nhint: /);
      } finally {
        execFileSync('apparmor_parser', ['--remove'], {
          input: profile,
          stdio: ['pipe', 'pipe', 'pipe'],
        });
      }
    },
  );
}
