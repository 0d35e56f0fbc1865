import {spawnSync} from 'node:child_process';
import {chmodSync} from 'node:fs';
import {join} from 'node:path';
import {describe, it} from 'vitest';
import {describeRoot, someone} from '../e2e/harness/people.ts';
import {makeSystem} from '../e2e/harness/system.ts';
import {expectGuarded} from './harness/attack.ts';
import {altering} from './harness/plan-mutants.ts';

const noDevices = 4n;
const opened = ['/bin/sh', '-c', '(: > /node) 2> /dev/null && echo opened; true'];
const openedBelow = ['/bin/sh', '-c', '(: > /data/node) 2> /dev/null && echo opened; true'];

/** Allows devices on a mount again. */
const withDevices = (slot: string) =>
  altering(
    'mountAttributes',
    ({set}) => ({set: set & ~noDevices}),
    ({mount, set}) => mount === slot && (set & noDevices) !== 0n,
  );

/** A root file system as a hostile archive makes it, unpacked by root: with a device of the host's. */
function makeHostile(round: number): string {
  const root = makeSystem(someone, `system-${round}`);
  // The kernel's log: harmless to open, and never one of a container's own devices.
  spawnSync('mknod', [join(root, 'node'), 'c', '1', '11']);
  chmodSync(join(root, 'node'), 0o666);
  return root;
}

describeRoot('a device file that an archive has brought along', () => {
  // Where there is a cgroup to be had, its list of devices refuses them once more.
  describe.each([[['--cgroups', 'disabled']], [['--cgroups', 'disabled', '--userns', 'host']]])(
    'with %j',
    (flags: string[]) => {
      it('opens nothing in a root file system', async () => {
        await expectGuarded(
          someone,
          (round) => ({
            words: [...flags, '--rootfs', makeHostile(round), ...opened],
            gain: ({stdout}) => stdout,
          }),
          [{without: 'nodev on the root', plan: withDevices('root')}],
        );
      });

      it('opens nothing beneath a layer of the container’s own', async () => {
        const deviceful = altering(
          'createMount',
          ({attributes}) => ({attributes: attributes & ~noDevices}),
          ({type}) => type === 'overlay',
        );
        await expectGuarded(
          someone,
          (round) => ({
            words: [...flags, '--rootfs', `${makeHostile(round)}:O`, ...opened],
            gain: ({stdout}) => stdout,
          }),
          !flags.includes('host') ? [] : [{without: 'nodev on the overlay', plan: deviceful}],
        );
      });

      it('opens nothing in a volume', async () => {
        await expectGuarded(
          someone,
          (round) => ({
            words: [...flags, '-v', `${makeHostile(round)}:/data`, ...openedBelow],
            gain: ({stdout}) => stdout,
          }),
          [{without: 'nodev on the volume', plan: withDevices('/data')}],
        );
      });
    },
  );
});
