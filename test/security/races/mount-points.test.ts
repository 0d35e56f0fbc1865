import {chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot, someone} from '../../e2e/harness/people.ts';
import {roomOf} from '../../e2e/harness/room.ts';
import {give, makeSystem} from '../../e2e/harness/system.ts';
import {type Race, rounds, runRace, timeoutMs} from '../harness/race.ts';
import type {Replacement} from '../harness/source-mutants.ts';

const outOfTheRoot: Replacement = {
  file: 'paths.c',
  from: 'RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS',
  to: 'RESOLVE_NO_MAGICLINKS',
};

describeEach(`entries that are swapped while containers start, ${rounds} times`, (person) => {
  // With ids of the host nothing but the resolution of paths stands in the way.
  const hostIds = person.ids === 'shifted' ? ['--userns', 'host'] : [];

  it(
    'have no mount, file or directory put outside (CVE-2021-30465, CVE-2024-45310)',
    async () => {
      const {work} = roomOf(person);
      const bait = join(work, 'bait');
      const volume = join(work, 'volume');
      const source = join(work, 'source');
      for (const path of [bait, volume, source, join(volume, 'place')]) mkdirSync(path);
      for (const path of [bait, volume, join(volume, 'place')]) chmodSync(path, 0o777);
      symlinkSync(bait, join(volume, 'link'));
      writeFileSync(join(source, 'inside'), '');
      give(volume, person);
      const root = makeSystem(person);
      const race: Race = {
        words: [
          ...hostIds,
          ...['-v', `${volume}:/data`, '-v', `${source}:/data/place/new/deep`, '--rootfs', root],
          ...['/bin/sh', '-c', 'ls /data/place/new/deep /data/link/new/deep 2> /dev/null'],
        ],
        directory: volume,
        names: ['place', 'link'],
        gain: () => readdirSync(bait).join(' '),
      };
      expect(await runRace(person, race)).toBe('');
      expect(
        await runRace(person, race, {source: [outOfTheRoot]}),
        'without RESOLVE_IN_ROOT',
      ).not.toBe('');
    },
    timeoutMs,
  );
});

describeRoot(`owners that :U changes while entries are swapped, ${rounds} times`, () => {
  it(
    'are those of the volume alone',
    async () => {
      const {work} = roomOf(someone);
      const volume = join(work, 'volume');
      for (const path of [volume, join(volume, 'place'), join(work, 'bait')]) mkdirSync(path);
      symlinkSync('../bait', join(volume, 'link'));
      const race: Race = {
        words: ['-v', `${volume}:/data:U`, '--rootfs', makeSystem(someone), '/bin/true'],
        directory: volume,
        names: ['place', 'link'],
        gain: () => (statSync(join(work, 'bait')).uid === 0 ? '' : 'given away'),
      };
      expect(await runRace(someone, race)).toBe('');
      const followed = {file: 'owners.c', from: 'O_PATH | O_NOFOLLOW,', to: 'O_PATH,'};
      const source = [outOfTheRoot, followed];
      expect(await runRace(someone, race, {source}), 'without O_NOFOLLOW').not.toBe('');
    },
    timeoutMs,
  );
});
