import assert from 'node:assert/strict';
import {existsSync, readFileSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {type Check, check} from './check.ts';
import {minicontainer} from './command.ts';
import type {Person} from './people.ts';

/** A directory as root file system, written in place. */
export function directoryInPlace(person: Person): Check {
  return check(`${person.name} writes --rootfs DIR in place`, async () => {
    const directory = join(person.home, 'system');
    const made = join(directory, 'material/made');
    const script =
      'echo written >/material/made; rm /material/named/file; chown 3:3 /material/made';
    const {stderr} = await minicontainer(person, [
      ...['run', '--rootfs', directory, 'sh', '-c', `${script}; stat -c %u /bin/busybox`],
    ]);
    try {
      assert.equal(readFileSync(made, 'utf8'), 'written\n', stderr);
      assert.equal(statSync(made).uid, ownerOfThree(person));
      assert.ok(!existsSync(join(directory, 'material/named/file')));
    } finally {
      rmSync(made, {force: true});
      for (const point of ['dev', 'proc', 'sys']) {
        rmSync(join(directory, point), {recursive: true, force: true});
      }
    }
  });
}

/** Who owns on the host what belongs to id 3 in a container. */
function ownerOfThree({uid, subordinate}: Person): number {
  if (uid === 0) return 3;
  return subordinate === undefined ? uid : subordinate + 2;
}
