import {chmodSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, it} from 'vitest';
import {describeEach, describeRoot, type Person, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {makeSystem, plant} from '../e2e/harness/system.ts';
import {bash} from '../e2e/harness/words.ts';
import {expectGuarded} from './harness/attack.ts';
import {all, dropping, hides, masksByPath} from './harness/plan-mutants.ts';

/** What tells of the host, or is not the container's to know (OCI runtimes mask the same). */
const masked = [
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
].filter(showsSomething);

/** Prints a path behind which there is a file, or a directory that holds anything. */
const lookAt = (path: string) =>
  bash(`test -f ${path} && echo file; test -d ${path} && ls -A ${path}; true`);

const privileged = {without: 'anything, by --privileged', flags: ['--privileged']};

describeEach('what is masked', (person) => {
  it.each(masked)('%s shows nothing of the host', async (path) => {
    await expectGuarded(person, () => ({words: lookAt(path), gain: ({stdout}) => stdout}), [
      {without: 'its mask', plan: dropping('maskPath', hides(path))},
      privileged,
    ]);
  });

  it('cannot be uncovered in a user namespace of the payload’s own: its mounts are locked', async () => {
    const uncover = (how: string) => `${how}umount /proc/interrupts && head -c 9 /proc/interrupts`;
    const script = `(${uncover('')}) 2> /dev/null; unshare -Urm sh -c '${uncover('')}' 2> /dev/null
unshare -Urm sh -c 'mount -o remount,bind,rw /proc/sys && echo rw' 2> /dev/null; true`;
    await expectGuarded(
      person,
      () => ({
        // The default filter allows no user namespace: without it only the kernel's locks are left.
        words: ['--security-opt', 'seccomp=unconfined', ...bash(script)],
        gain: ({stdout}) => stdout,
      }),
      [{without: 'the bounds of capabilities', flags: ['--cap-add', 'SYS_ADMIN']}],
    );
  });
});

describe('CVE-2025-31133: a mask is the real /dev/null', () => {
  describeEach('whatever the image has there', (person) => {
    it('covers /proc/keys by nothing that the image chooses', async () => {
      await expectGuarded(
        person,
        (round) => {
          const root = makeSystem(person, `system-${round}`);
          plant(root, 'dev/null', '/chosen', person);
          writeFileSync(join(root, 'chosen'), 'chosen\n');
          return {
            words: ['--rootfs', root, '/bin/cat', '/proc/keys'],
            gain: ({stdout}) => stdout.match('chosen')?.[0] ?? '',
          };
        },
        [
          {
            without: 'a /dev of its own, and with a null looked up in the image',
            plan: all(
              masksByPath,
              dropping('attachMount', ({target}) => /^dev(\/|$)/.test(target)),
              dropping('makeSymlink', ({path}) => path.startsWith('dev/')),
            ),
            source: [
              {
                file: 'mounts.c',
                from: 'clone_device("/dev/null", makedev(1, 3))',
                to: 'clone_inside(slot(context, args->root, -1), "dev/null", 0)',
              },
            ],
          },
        ],
      );
    });
  });

  describeRoot('where the host’s own has been replaced', () => {
    it('is refused by its number: nothing is written to what stands in its place', async () => {
      await expectGuarded(
        someone,
        (round) => {
          const fake = fakeDevice(someone, round);
          return {
            words: bash('echo written > /dev/null'),
            options: {
              through: [
                'unshare',
                '-m',
                'sh',
                '-c',
                `mount --bind ${fake} /dev/null && exec "$@"`,
                'sh',
              ],
            },
            gain: () => readFileSync(fake, 'utf8'),
          };
        },
        [
          {
            without: 'the check of its number',
            source: [
              {
                file: 'mounts.c',
                from: 'S_ISCHR(status.st_mode) && status.st_rdev == (dev_t)device',
                to: 'device',
              },
            ],
          },
        ],
      );
    });
  });
});

/** Not on every host: where there is nothing, nothing can be seen. */
function showsSomething(path: string): boolean {
  const found = statSync(path, {throwIfNoEntry: false});
  return found?.isDirectory() ? readdirSync(path).length > 0 : found !== undefined;
}

function fakeDevice(person: Person, round: number): string {
  const path = join(roomOf(person).work, `null-${round}`);
  writeFileSync(path, '');
  chmodSync(path, 0o666);
  return path;
}
