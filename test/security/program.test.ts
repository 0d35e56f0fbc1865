import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {operation} from '@minicontainer/plan';
import {describe, expect, it} from 'vitest';
import {describeEach, describeRoot, type Person, people, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {nsexecPath} from '../e2e/harness/run.ts';
import {bash} from '../e2e/harness/words.ts';
import {expectGuarded} from './harness/attack.ts';
import {unsealed} from './harness/plan-mutants.ts';
import {prepare} from './harness/prepared.ts';
import {mutantNsexec, type Replacement} from './harness/source-mutants.ts';

const dumpable: readonly Replacement[] = [
  {file: 'build.c', from: 'prctl(PR_SET_DUMPABLE, 0);', to: ''},
  // A change of ids is another way to the same.
  {
    file: 'confine.c',
    from: 'umask((mode_t)args->mask);',
    to: 'umask((mode_t)args->mask); prctl(PR_SET_DUMPABLE, 1);',
  },
];

/** All that can be changed of a file without writing to it, which a program that runs does not allow. */
function stateOf(path: string): string {
  const {mode, uid, gid, ino, size, mtimeMs} = statSync(path);
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  return [mode.toString(8), uid, gid, ino, size, mtimeMs, digest].join(' ');
}

describe('CVE-2019-5736: the program that starts containers', () => {
  const change = bash('chmod 4777 /proc/1/exe; touch -d 2000-01-01 /proc/1/exe; true');

  /** A copy of nsexec that belongs to whoever runs it, as in a home directory. */
  function ownCopy(person: Person, round: number) {
    const path = join(roomOf(person).work, `nsexec-${round}`);
    let before = '';
    return {
      install: (nsexec: string) => {
        copyFileSync(nsexec, path);
        chmodSync(path, 0o755);
        chownSync(path, person.uid, person.gid);
        before = stateOf(path);
        return path;
      },
      changed: () => (stateOf(path) === before ? '' : stateOf(path)),
    };
  }

  describeEach('that its user owns', (person) => {
    // With ids of its own a container of root has none that could own the file.
    const flags = person.ids === 'shifted' ? ['--userns', 'host'] : [];

    it('cannot be changed through the init that it leaves in a container', async () => {
      await expectGuarded(
        person,
        (round) => {
          const {install, changed} = ownCopy(person, round);
          return {words: [...flags, '--init', ...change], install, gain: changed};
        },
        [
          {
            without: 'the sealed copy and PR_SET_DUMPABLE',
            plan: unsealed,
            source: dumpable,
          },
        ],
      );
    });
  });

  describeRoot('that a debugger reaches', () => {
    it('is a sealed copy: nothing of the file itself can be changed', async () => {
      await expectGuarded(
        someone,
        (round) => {
          const {install, changed} = ownCopy(someone, round);
          const words = ['--userns', 'host', '--cap-add', 'SYS_PTRACE', '--init', ...change];
          return {words, install, gain: changed};
        },
        [
          {without: 'the sealed copy', plan: unsealed},
          {
            without: 'sealing itself',
            source: [{file: 'main.c', from: 'result == 0 && context.plan.seal', to: 'false'}],
          },
        ],
      );
    });
  });
});

describeEach('CVE-2016-8867: a process of ours inside', (person) => {
  it('shows container root nothing of the caller: no environment, no descriptors, no memory', async () => {
    await expectGuarded(
      person,
      () => ({
        words: [
          '--init',
          ...bash('tr "\\\\0" "\\\\n" < /proc/1/environ 2> /dev/null | grep SECRET'),
        ],
        options: {env: {SECRET: 'of the caller'}},
        gain: ({stdout}) => stdout,
      }),
      [
        {without: 'PR_SET_DUMPABLE', source: dumpable},
        ...(person.uid === 0
          ? [
              {
                without: 'anything, by flags',
                flags: ['--userns', 'host', '--cap-add', 'SYS_PTRACE'],
              },
            ]
          : []),
      ],
    );
  });
});

describeRoot('CVE-2020-5291: nsexec made set-user-ID by somebody', () => {
  it.each(people.filter(({exists, uid}) => exists && uid !== 0))(
    'performs no plan for its caller, as $name',
    async (person) => {
      const unsafe = mutantNsexec([
        {file: 'main.c', from: 'if (getauxval(AT_SECURE))', to: 'if (0)'},
      ]);
      const {work} = roomOf(person);
      const victim = join(roomOf(someone).work, 'victim');
      const {plan, perform} = await prepare(['/bin/true'], {as: person});
      const hostile = {
        ...plan,
        operations: [
          ...plan.operations,
          operation('ending', 'removeFile', {path: victim}, 'only root may'),
        ],
      };
      for (const [name, nsexec, remains] of [
        ['safe', nsexecPath(), true],
        ['unsafe', unsafe, false],
      ] as const) {
        writeFileSync(victim, 'of root\n');
        const path = join(work, name);
        copyFileSync(nsexec, path);
        spawnSync('chown', ['0:0', path]);
        chmodSync(path, 0o4755);
        await perform(hostile, path).result;
        expect(existsSync(victim), name).toBe(remains);
      }
    },
  );
});
