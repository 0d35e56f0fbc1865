import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, it} from 'vitest';
import {describeEach, describeRoot, people, someone} from '../e2e/harness/people.ts';
import {makeSystem} from '../e2e/harness/system.ts';
import {expectGuarded} from './harness/attack.ts';
import {all, altering} from './harness/plan-mutants.ts';

// Not id(1), which would look its own name up in the same file.
const ids = ['/bin/sh', '-c', 'grep -E "^(Uid|Groups)" /proc/self/status'];
const root = /^Uid:\s+0\s/m;

describeEach('a user', (person) => {
  it('of /etc/passwd with the id that means "none" is not root (CVE-2026-30892)', async () => {
    await expectGuarded(
      person,
      (round) => {
        const system = makeSystem(person, `system-${round}`);
        writeFileSync(join(system, 'etc/passwd'), 'web:x:4294967295:0::/:/bin/sh\n');
        return {
          words: ['-u', 'web', '--rootfs', system, ...ids],
          gain: ({stdout}) => stdout.match(root)?.[0] ?? '',
        };
      },
      [
        {
          // setresuid(-1, -1, -1) changes nothing, and says that all is well.
          without: 'the bound of ids',
          source: [
            {file: 'user.c', from: 'if (value >= UINT32_MAX)', to: 'if (value > UINT32_MAX)'},
          ],
        },
      ],
    );
  });

  const several = person.ids === 'single' ? [] : ['with several ids'];
  describe.each(several)('%s', () => {
    it('that is a number is no name in /etc/passwd (CVE-2016-3697)', async () => {
      await expectGuarded(
        person,
        (round) => {
          const system = makeSystem(person, `system-${round}`);
          writeFileSync(join(system, 'etc/passwd'), '1000:x:0:0::/:/bin/sh\n');
          return {
            words: ['-u', '1000', '--rootfs', system, ...ids],
            gain: ({stdout}) => stdout.match(root)?.[0] ?? '',
          };
        },
        [
          {
            without: 'numbers before names',
            source: [
              {
                file: 'user.c',
                from: 'bool numeric = parse_id(args->user, &id);',
                to: 'bool numeric = false;',
              },
            ],
          },
        ],
      );
    });
  });
});

describeRoot('the supplementary groups of the caller', () => {
  it.each(people.filter(({exists, ids}) => exists && ids !== 'single'))(
    'are not the container’s (CVE-2022-2989, CVE-2022-2990, CVE-2022-2995), as $name',
    async (person) => {
      const caller = [`--reuid=${person.uid}`, `--regid=${person.gid}`, '--groups=4,27,42'];
      await expectGuarded(
        person,
        (round) => ({
          words: ['--rootfs', makeSystem(person, `system-${round}`), ...ids],
          options: {through: ['setpriv', ...caller], startedBy: someone},
          gain: ({stdout}) => stdout.match(/^Groups:\s+(.*(4|27|42|65534).*)$/m)?.[1] ?? '',
        }),
        [
          {
            without: 'setgroups',
            plan: all(
              altering('setUser', () => ({setgroups: false})),
              altering('becomeRoot', () => ({setgroups: false})),
            ),
          },
        ],
      );
    },
  );
});
