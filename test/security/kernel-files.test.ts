import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {it} from 'vitest';
import {describeEach, type Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {makeSystem} from '../e2e/harness/system.ts';
import {expectGuarded} from './harness/attack.ts';
import {all, altering, dropping, hides} from './harness/plan-mutants.ts';
import type {Replacement} from './harness/source-mutants.ts';

/** A directory that stands where the kernel's files are expected, and lets everybody write. */
function makeDecoy(person: Person, round: number): string {
  const decoy = join(roomOf(person).work, `decoy-${round}`);
  mkdirSync(join(decoy, 'net/ipv4'), {recursive: true});
  writeFileSync(join(decoy, 'net/ipv4/ip_forward'), 'untouched\n');
  chmodSync(join(decoy, 'net/ipv4/ip_forward'), 0o666);
  return decoy;
}

const throughNames = all(
  altering('writeControl', () => ({procfs: '/proc'})),
  dropping('readOnlyPath', hides('/proc/sys')),
);
const unchecked: readonly Replacement[] = [
  {
    file: 'files.c',
    from: 'RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS',
    to: 'RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS',
  },
  {file: 'files.c', from: '|| status.f_type != PROC_SUPER_MAGIC', to: ''},
];

describeEach('CVE-2019-16884, CVE-2025-52881: what is written to the kernel', (person) => {
  it('lands in no file that a mount has put in its place', async () => {
    await expectGuarded(
      person,
      (round) => {
        const decoy = makeDecoy(person, round);
        return {
          words: [
            ...['--sysctl', 'net.ipv4.ip_forward=1', '-v', `${decoy}:/proc/sys`],
            ...['--rootfs', makeSystem(person, `system-${round}`), '/bin/true'],
          ],
          gain: () =>
            readFileSync(join(decoy, 'net/ipv4/ip_forward'), 'utf8').replace('untouched\n', ''),
        };
      },
      [
        {without: 'a procfs that has no name', plan: throughNames, heldBy: 'RESOLVE_NO_XDEV'},
        {
          without: 'a procfs that has no name, RESOLVE_NO_XDEV and the check of its magic',
          plan: throughNames,
          source: unchecked,
        },
      ],
    );
  });
});
