import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeRoot, someone} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {shell} from '../harness/run.ts';

/** What is left of `/x`, as root of another host sees it, when a container has mounted on it. */
async function mountedInside(option: string, flags: string): Promise<string> {
  const {work} = roomOf(someone);
  const volume = join(work, 'volume');
  mkdirSync(join(volume, 'x'), {recursive: true});
  const file = join(work, 'host');
  writeFileSync(
    file,
    `set -e; mount --make-rprivate /; mount --bind ${volume} ${volume}; mount --make-shared ${volume}
minicontainer run --cap-add SYS_ADMIN ${flags} -v ${volume}:/mnt:${option} \
  /bin/mount -t tmpfs of-the-container /mnt/x
grep -c of-the-container /proc/self/mountinfo || true`,
  );
  const {stdout} = await shell(`unshare --mount bash ${file}`);
  return stdout;
}

describeRoot('a mount made inside a volume', () => {
  it.each(['', '--userns host'])(
    'appears on the host where that is asked for (%s)',
    async (flags) => {
      expect(await mountedInside('rshared', flags)).toBe('1\n');
    },
  );

  it.each(['', '--userns host'])('does not appear on the host by itself (%s)', async (flags) => {
    expect(await mountedInside('rw', flags)).toBe('0\n');
    expect(await mountedInside('rslave', flags)).toBe('0\n');
  });
});
