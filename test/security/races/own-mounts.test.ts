import {mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach} from '../../e2e/harness/people.ts';
import {roomOf} from '../../e2e/harness/room.ts';
import {give, makeSystem} from '../../e2e/harness/system.ts';
import {masksByPath} from '../harness/plan-mutants.ts';
import {type Race, rounds, runRace, timeoutMs} from '../harness/race.ts';
import type {Replacement} from '../harness/source-mutants.ts';

describeEach(`places that are swapped while containers start, ${rounds} times`, (person) => {
  // With ids of the host nothing but the resolution of paths stands in the way.
  const hostIds = person.ids === 'shifted' ? ['--userns', 'host'] : [];

  it(
    'leave no procfs without masks (CVE-2023-27561, CVE-2019-19921, CVE-2025-52881)',
    async () => {
      const root = makeSystem(person);
      mkdirSync(join(root, 'other'));
      give(root, person);
      const script = `for at in proc other; do
  test -e /$at/self && /bin/busybox head -c 99 /$at/interrupts
done`;
      const race: Race = {
        words: [...hostIds, '--rootfs', root, '/bin/sh', '-c', script],
        directory: root,
        names: ['proc', 'other'],
        gain: ({stdout}) => stdout,
      };
      expect(await runRace(person, race)).toBe('');
      expect(await runRace(person, race, {plan: masksByPath}), 'with masks by path').not.toBe('');
    },
    timeoutMs,
  );

  it(
    'leave the console where it belongs (CVE-2025-52565)',
    async () => {
      const {work} = roomOf(person);
      const devices = join(work, 'devices');
      mkdirSync(join(devices, 'pts'), {recursive: true});
      symlinkSync('/etc/passwd', join(devices, 'console'));
      give(devices, person);
      // Where pseudoterminals are, in all of the container.
      const script = "grep ' - devpts ' /proc/self/mountinfo | cut -d' ' -f5";
      const race: Race = {
        words: [
          ...hostIds,
          ...['-t', '-v', `${devices}:/dev`, '--rootfs', makeSystem(person)],
          ...['/bin/sh', '-c', script],
        ],
        directory: devices,
        names: ['pts', 'console'],
        gain: ({stdout}) =>
          stdout
            .split(/\r?\n/)
            .filter((path) => path.startsWith('/') && !/^\/dev\/(pts|console)$/.test(path))
            .join(' '),
      };
      expect(await runRace(person, race)).toBe('');
      const source: Replacement[] = [
        {
          file: 'streams.c',
          from: 'O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600',
          to: 'O_RDONLY | O_CREAT | O_CLOEXEC, 0600',
        },
      ];
      expect(await runRace(person, race, {source}), 'without O_NOFOLLOW').not.toBe('');
    },
    timeoutMs,
  );
});
