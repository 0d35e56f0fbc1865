import {chownSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, inject, it} from 'vitest';
import {describeRoot, type Person, people} from '../harness/people.ts';
import {currentHouse, roomOf} from '../harness/room.ts';
import {environmentOf, type Result, shell} from '../harness/run.ts';
import {makeSystem} from '../harness/system.ts';

/**
 * Runs lines of bash as root in a mount namespace of its own, where they can prepare another host than
 * this one; in them, `$as` before a command runs it as the person.
 */
async function onAnotherHost(person: Person, lines: string): Promise<Result> {
  const file = join(roomOf(person).work, 'host');
  const ids = `--reuid ${person.uid} --regid ${person.gid} --clear-groups`;
  writeFileSync(file, `set -e; mount --make-rprivate /; as="setpriv ${ids}"\n${lines}`);
  return shell(`unshare --mount bash ${file}`, {env: environmentOf(person)});
}

describeRoot('a host', () => {
  describe.each(people.filter(({exists}) => exists))('seen by $name', (person) => {
    it.each([
      ['what is installed', ''],
      ['a directory', '--rootfs SYSTEM'],
      ['an overlay on a directory', '--rootfs SYSTEM:O'],
    ])(
      'whose mounts are shared gets none of the mounts on %s, neither while it runs nor after',
      async (_, source) => {
        const volume = join(roomOf(person).work, 'volume');
        mkdirSync(volume);
        chownSync(volume, person.uid, person.gid);
        const words = `-v ${volume}:/mnt:ro --tmpfs /mnt/x ${source.replace('SYSTEM', makeSystem(person))}`;
        const {status, stdout, stderr} = await onAnotherHost(
          person,
          `mkdir -m 777 ${volume}/x; mount --make-rshared /; cp /proc/self/mountinfo before; mkfifo go
$as minicontainer run ${words} /bin/sh -c 'echo running; read line' < go > out &
exec 3> go; for i in {1..300}; do grep -q running out && break; sleep 0.02; done
diff before /proc/self/mountinfo; echo >&3; wait $!; diff before /proc/self/mountinfo; echo same`,
        );
        expect({status, stdout, stderr}).toEqual({status: 0, stdout: 'same\n', stderr: ''});
      },
    );

    it('keeps what is mounted where a container’s files are removed', async () => {
      const {status, stdout} = await onAnotherHost(
        person,
        `mkdir kept; echo of the host > kept/file; chmod -R 777 kept
$as minicontainer run /bin/sleep 100 & sleep 0.5; kill -9 $!; wait $! 2> /dev/null || true
below=$(echo ${roomOf(person).state}/containers/*)/rw/below
$as mkdir -p $below; mount --bind kept $below
$as minicontainer run /bin/true; cat kept/file; umount $below
rm -r ${roomOf(person).state}/containers/*`,
      );
      expect({status, stdout}).toEqual({status: 0, stdout: 'of the host\n'});
    });

    it('with file systems below /opt, /usr and /var shows nothing that can be written through', async () => {
      const {status, stdout, stderr} = await onAnotherHost(
        person,
        `for place in /opt /usr/local /var/lib; do
  mount -t tmpfs -o mode=777 below $place; echo of the host > $place/file; chmod 666 $place/file
done
$as minicontainer run /bin/bash -c '
for place in /opt /usr/local /var/lib; do
  (echo changed > $place/file; echo new > $place/new; rm $place/file) 2> /dev/null
done; echo ran'
cat /opt/file /usr/local/file /var/lib/file; ls -A /opt /usr/local /var/lib | grep -c new || true`,
      );
      expect({status, stdout, stderr}).toEqual({
        status: 0,
        stdout: `ran\n${'of the host\n'.repeat(3)}0\n`,
        stderr: '',
      });
    });

    it('shows no secret that lies on a file system of its own', async () => {
      const {stdout} = await onAnotherHost(
        person,
        `for place in /opt /var/lib /etc/ssl; do
  mount -t tmpfs -o mode=755 below $place; echo secret > $place/key; chmod 600 $place/key
done
$as minicontainer run /bin/bash -c 'cat /opt/key /var/lib/key /etc/ssl/key; echo ran' 2> /dev/null`,
      );
      expect(stdout).toBe('ran\n');
    });

    it('with nothing in its temporary places has nothing in them afterwards', async () => {
      // What is ours of them is bound elsewhere, before they are covered. /run/mount is of mount(8).
      const lines = `mount -t tmpfs -o mode=755 elsewhere /mnt; mkdir /mnt/installed /mnt/house
mount --bind ${inject('installed')} /mnt/installed; mount --bind ${currentHouse()} /mnt/house
for place in /tmp /var/tmp /run /dev/shm; do mount -t tmpfs -o mode=1777 empty $place; done
export PATH=/mnt/installed/bin:$PATH HOME=/mnt/house/${person.name}/home TMPDIR=/tmp
export MINICONTAINER_ROOT=/mnt/house/${person.name}/state; cd /mnt
$as minicontainer run /bin/true; $as minicontainer run /no 2> /dev/null || echo $?
$as minicontainer run -w /no /bin/true 2> /dev/null || echo $?
$as minicontainer run /bin/sleep 100 & sleep 0.3; kill -9 $!; wait $! || echo $?
$as minicontainer run /bin/true; find /tmp /var/tmp /run /dev/shm -mindepth 1 -not -path /run/mount`;
      const {status, stdout} = await onAnotherHost(person, lines);
      expect({status, stdout}).toEqual({status: 0, stdout: '127\n125\n137\n'});
    });

    it('with a root file system that cannot be written runs containers all the same', async () => {
      const {status, stdout, stderr} = await onAnotherHost(
        person,
        `mount -o remount,bind,ro /
mount -t tmpfs -o mode=755,uid=${person.uid} state ${roomOf(person).state}
$as minicontainer run /bin/bash -c 'echo x > /etc/new && cat /etc/new'; ls -A ${roomOf(person).state}/*`,
      );
      expect(stderr).toBe('');
      expect({status, stdout}).toMatchObject({status: 0, stdout: expect.stringMatching(/^x\n/)});
    });
  });
});
