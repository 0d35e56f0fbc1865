import {describe, it} from 'vitest';
import {describeEach, describeRoot, someone} from '../e2e/harness/people.ts';
import {bash} from '../e2e/harness/words.ts';
import {expectGuarded} from './harness/attack.ts';
import {all, altering, dropping} from './harness/plan-mutants.ts';

const everything = (1n << 41n) - 1n;

/** Prints the effective set of a process, where CAP_SYS_ADMIN is in it. */
const tellsAdmin = `python3 -c '
import re
sets = open("/proc/self/status").read()
for name, value in re.findall("(Cap[EI]..):\\\\s+([0-9a-f]+)", sets):
  if int(value, 16) >> 21 & 1: print(name, value)'`;

/** A copy of a program, with capabilities in its file. */
const givenTo = (capabilities: string) =>
  `cp /usr/bin/python3 /tmp/python3 && /usr/sbin/setcap ${capabilities} /tmp/python3 2> /dev/null; PATH=/tmp:$PATH`;

describeEach('capabilities', (person) => {
  it('that the container was not given, root in it has not', async () => {
    await expectGuarded(person, () => ({words: bash(tellsAdmin), gain: ({stdout}) => stdout}), [
      {
        without: 'setCapabilities',
        plan: all(dropping('setCapabilities'), dropping('dropBounding')),
      },
      {without: 'anything, by --privileged', flags: ['--privileged']},
      {without: 'that bound, by --cap-add', flags: ['--cap-add', 'SYS_ADMIN']},
    ]);
  });

  // Files have them for a second user, or for nobody.
  const several = person.ids === 'single' ? [] : ['of files'];
  describe.each(several)('%s', () => {
    it('give nothing that is not in the bounding set', async () => {
      await expectGuarded(
        person,
        () => ({
          words: bash(
            `${givenTo('cap_sys_admin+ep')} exec setpriv --reuid 33 --clear-groups ${tellsAdmin}`,
          ),
          gain: ({stdout}) => stdout,
        }),
        [{without: 'dropBounding', plan: dropping('dropBounding')}],
      );
    });

    it('that are inheritable give nothing (CVE-2022-24769, CVE-2022-29162, CVE-2022-27650)', async () => {
      const inheritable = all(
        altering('setCapabilities', () => ({inheritable: everything, permitted: everything})),
        dropping('dropBounding'),
      );
      await expectGuarded(
        person,
        () => ({
          words: bash(
            `${givenTo('cap_sys_admin+ie')} exec setpriv --reuid 33 --clear-groups ${tellsAdmin}`,
          ),
          gain: ({stdout}) => stdout,
        }),
        [{without: 'an empty inheritable set', plan: inheritable}],
      );
    });

    it('and set-user-ID bits give nothing with no-new-privileges', async () => {
      const script = `cp /bin/bash /tmp/bash && chmod 4755 /tmp/bash
setpriv --reuid 33 --clear-groups /tmp/bash -p -c 'test $EUID = 0 && echo root'; true`;
      await expectGuarded(
        person,
        () => ({
          words: [
            // Loaded without privileges, a filter needs it too.
            ...['--security-opt', 'seccomp=unconfined', '--security-opt', 'no-new-privileges'],
            ...bash(script),
          ],
          gain: ({stdout}) => stdout,
        }),
        [{without: 'noNewPrivileges', plan: dropping('noNewPrivileges')}],
      );
    });

    it('are none for another user than root', async () => {
      await expectGuarded(
        person,
        () => ({words: ['-u', '33', ...bash(tellsAdmin)], gain: ({stdout}) => stdout}),
        [
          {
            without: 'the change of user, which takes them',
            plan: all(dropping('setUser'), dropping('setCapabilities'), dropping('dropBounding')),
          },
        ],
      );
    });
  });
});

describeRoot('devices with the host’s ids', () => {
  const makes = bash('mknod /tmp/node c 1 3 2> /dev/null && echo made; true');

  it('cannot be made (CAP_MKNOD)', async () => {
    await expectGuarded(
      someone,
      () => ({words: ['--userns', 'host', ...makes], gain: ({stdout}) => stdout}),
      [
        {
          without: 'setCapabilities',
          plan: all(dropping('setCapabilities'), dropping('dropBounding')),
        },
        {without: 'anything, by --privileged', flags: ['--privileged']},
        {without: 'that bound, by --cap-add', flags: ['--cap-add', 'MKNOD']},
      ],
    );
  });
});
