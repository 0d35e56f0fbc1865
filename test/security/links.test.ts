import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {describe, it} from 'vitest';
import {describeEach, describeRoot, isRoot, type Person, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {makeSystem, plant} from '../e2e/harness/system.ts';
import {expectGuarded, type Weakening} from './harness/attack.ts';
import {all, altering, dropping, masksByPath} from './harness/plan-mutants.ts';

const look = ['/bin/sh', '-c', 'echo ran'];

const outOfTheRoot: Weakening = {
  without: 'RESOLVE_IN_ROOT',
  source: [
    {file: 'paths.c', from: 'RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS', to: 'RESOLVE_NO_MAGICLINKS'},
  ],
};

const followed: Weakening = {
  without: 'O_NOFOLLOW and RESOLVE_IN_ROOT',
  source: [
    ...(outOfTheRoot.source ?? []),
    {file: 'owners.c', from: 'O_PATH | O_NOFOLLOW,', to: 'O_PATH,'},
  ],
};

/** Mounts that protections rely on are put where symbolic links lead. */
const following = (path: string) =>
  altering(
    'attachMount',
    () => ({follow: true}),
    ({target}) => target === path,
  );

/** A directory of the host that everybody may write to: there no owner stands in the way. */
function makeBait(person: Person, round: number): string {
  const bait = join(roomOf(person).work, `bait-${round}`);
  mkdirSync(bait);
  chmodSync(bait, 0o777);
  writeFileSync(join(bait, 'file'), 'of the host\n');
  chmodSync(join(bait, 'file'), 0o666);
  return bait;
}

/** What has been put into a bait. */
const caught = (bait: string) =>
  readdirSync(bait)
    .filter((name) => name !== 'file')
    .join(' ');

// With ids of the host nothing but the resolution of paths stands in the way.
const idFlags = (person: Person) =>
  isRoot && person.uid === 0 ? [[[]], [['--userns', 'host']]] : [[[]]];

describeEach('a root file system whose links lead outside', (person) => {
  describe.each(idFlags(person))('with %j', (flags: string[]) => {
    it('gets no mount point made there (CVE-2024-45310, CVE-2021-30465, CVE-2019-18837)', async () => {
      await expectGuarded(
        person,
        (round) => {
          const bait = makeBait(person, round);
          const root = makeSystem(person, `system-${round}`);
          plant(root, 'way', bait, person);
          return {
            words: [...flags, '-v', `${bait}/file:/way/new`, '--rootfs', root, ...look],
            gain: () => caught(bait),
          };
        },
        [outOfTheRoot],
      );
    });

    it('gets no /dev made there (CVE-2026-41579, CVE-2026-47766)', async () => {
      await expectGuarded(
        person,
        (round) => {
          const bait = makeBait(person, round);
          const root = makeSystem(person, `system-${round}`);
          plant(root, 'dev', bait, person);
          return {
            words: [...flags, '--rootfs', root, ...look],
            gain: () => caught(bait),
          };
        },
        [
          {
            ...outOfTheRoot,
            without: 'RESOLVE_IN_ROOT, RESOLVE_NO_SYMLINKS and a /dev of its own',
            plan: all(
              dropping('attachMount', ({target}) => target === 'dev'),
              altering(
                'attachMount',
                () => ({follow: true}),
                ({target}) => target.startsWith('dev/'),
              ),
            ),
          },
        ],
      );
    });

    it('gets no file of ours written there (CVE-2025-24965)', async () => {
      const throughIt = altering(
        'writeFile',
        () => ({root: 'root', path: 'etc/hosts', create: false}),
        ({path}) => path === 'hosts',
      );
      await expectGuarded(
        person,
        (round) => {
          const bait = makeBait(person, round);
          const root = makeSystem(person, `system-${round}`);
          plant(root, 'etc/hosts', join(bait, 'file'), person);
          return {
            words: [...flags, '--rootfs', root, '/bin/sh', '-c', 'echo x >> /etc/hosts'],
            gain: () => readFileSync(join(bait, 'file'), 'utf8').replace('of the host\n', ''),
          };
        },
        [
          {
            without: 'files that are mounts of their own',
            plan: throughIt,
            heldBy: 'RESOLVE_IN_ROOT',
          },
          {...outOfTheRoot, without: 'RESOLVE_IN_ROOT and such files', plan: throughIt},
        ],
      );
    });

    it('gets a procfs nowhere but at /proc (CVE-2023-27561, CVE-2019-19921, CVE-2023-28642)', async () => {
      // When /proc is mounted, /dev is the image's and leads to /real; when paths are masked, it is ours.
      await expectGuarded(
        person,
        (round) => {
          const root = makeSystem(person, `system-${round}`);
          plant(root, 'proc', 'dev/way', person);
          plant(root, 'dev/way', '/real', person);
          mkdirSync(join(root, 'real'));
          return {
            words: [...flags, '--rootfs', root, '/bin/sh', '-c', 'cat /real/interrupts'],
            gain: ({stdout}) => stdout.slice(0, 40),
          };
        },
        [
          {
            without: 'RESOLVE_NO_SYMLINKS and masks in their mount',
            plan: all(following('proc'), masksByPath),
          },
        ],
      );
    });
  });
});

describeRoot('a volume whose links lead outside', () => {
  it('has owners changed by :U of nothing there', async () => {
    await expectGuarded(
      someone,
      (round) => {
        const bait = makeBait(someone, round);
        const volume = join(roomOf(someone).work, `volume-${round}`);
        mkdirSync(volume);
        symlinkSync(`../bait-${round}/file`, join(volume, 'link'));
        return {
          words: [
            '-v',
            `${volume}:/data:U`,
            '--rootfs',
            makeSystem(someone, `system-${round}`),
            ...look,
          ],
          gain: () => (statSync(join(bait, 'file')).uid === 0 ? '' : 'given away'),
        };
      },
      [followed],
    );
  });
});
