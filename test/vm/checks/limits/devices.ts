import assert from 'node:assert/strict';
import {type Check, check} from '../check.ts';
import {minicontainer} from '../command.ts';
import {root} from '../people.ts';
import {inSystem} from './container.ts';

/** The disk that the guest runs from, by a file of the container's own and by the host's. */
const probe = `mknod /dev/probe b 254 0
  for device in probe vda zero; do
    (exec 3</dev/$device) 2>&1 && echo $device is open
  done`;

/** The filter of devices, which on v2 is a program of the kernel's. */
export function deviceFilter(): Check {
  return check('a device that was not given cannot be opened, whoever makes it', async () => {
    const flags = ['--userns', 'host', '--cap-add', 'MKNOD'];
    const open = async (...more: string[]) =>
      (await minicontainer(root, inSystem(root, [...flags, ...more], probe))).stdout;
    const refused = (device: string) => `sh: can't open /dev/${device}: Operation not permitted\n`;
    const bound = await open('-v', '/dev/vda:/dev/vda');
    assert.equal(bound, `${refused('probe')}${refused('vda')}zero is open\n`);
    const given = await open('--device', '/dev/vda');
    assert.equal(given, 'probe is open\nvda is open\nzero is open\n');
  });
}
