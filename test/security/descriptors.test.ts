import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {it} from 'vitest';
import {describeEach, type Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {bash} from '../e2e/harness/words.ts';
import {expectGuarded, type Weakening} from './harness/attack.ts';
import {dropping} from './harness/plan-mutants.ts';

const open: Weakening = {
  without: 'closeDescriptors and close-on-exec',
  plan: dropping('closeDescriptors'),
  source: [{file: 'main.c', from: 'kernel_close_range(3, CLOSE_RANGE_CLOEXEC);', to: ';'}],
};
const entered: Weakening = {
  without: 'RESOLVE_NO_MAGICLINKS and the check of getcwd',
  // Of a plan that is performed by itself nsexec inherits what the caller has open.
  plan: (plan) => plan,
  source: [
    {
      file: 'confine.c',
      from: 'directory = open_inside(root, path, O_PATH | O_DIRECTORY, 0);',
      to: 'directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);',
    },
    {
      file: 'confine.c',
      from: `if (syscall(SYS_getcwd, where, sizeof(where)) < 0 || where[0] != '/')`,
      to: 'if (0)',
    },
  ],
};

/** As it is by itself, and as it is with Landlock, which lets nothing be opened that was not given. */
const layers = (weakening: Weakening): Weakening[] => [
  {...weakening, heldBy: 'Landlock'},
  {...weakening, flags: ['--security-opt', 'landlock=unconfined']},
];

/** A caller who has a directory of the host open, as number 7. */
function havingOpened(person: Person): readonly string[] {
  const directory = join(roomOf(person).work, 'opened');
  mkdirSync(directory, {recursive: true});
  writeFileSync(join(directory, 'of-the-host'), '');
  return ['bash', '-c', `exec 7< ${directory}; exec "$@"`, 'bash'];
}

describeEach('CVE-2024-21626: a descriptor of the host', (person) => {
  it('does not cross into the container', async () => {
    await expectGuarded(
      person,
      () => ({
        words: bash('ls /proc/self/fd/7/ 2> /dev/null'),
        options: {through: havingOpened(person)},
        gain: ({stdout}) => stdout,
      }),
      layers(open),
    );
  });

  it('is no working directory', async () => {
    await expectGuarded(
      person,
      () => ({
        words: ['-w', '/proc/self/fd/7', ...bash('ls 2> /dev/null')],
        options: {through: havingOpened(person)},
        gain: ({stdout}) => stdout,
      }),
      layers(entered),
    );
  });
});
