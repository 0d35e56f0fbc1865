import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot, type Person, people} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {environmentOf, minicontainer, run, shell} from '../harness/run.ts';
import {bash} from '../harness/words.ts';
import {expectRefused} from './refused.ts';

/**
 * Below a user namespace in which no more namespaces of a kind may be made: the host's limits stay.
 * There root has all ids, and a plain user its own alone, in one more namespace of its own.
 */
function withLimit(name: string, command: string, {uid}: Person): string {
  const limit = (count: number) => `echo ${count} > /proc/sys/user/${name}`;
  const own = name === 'max_user_namespaces' ? 1 : 0;
  if (uid !== 0) {
    return `unshare --user --map-root-user bash -c '${limit(own)}
exec unshare --user --map-user=${uid} --map-group=${uid} ${command}'`;
  }
  // Root is nobody until the ids are mapped; what it executes then is root's.
  const inside = `${limit(0)}; exec ${command}`;
  return `mkfifo here mapped
unshare --user bash -c 'echo > here; read < mapped; exec unshare --mount bash -c "${inside}"' &
read < here; for map in uid_map gid_map; do echo "0 0 4294967295" > /proc/$!/$map; done
echo > mapped; wait $!`;
}

describeEach('a host', (person) => {
  // newuidmap and idmapped mounts, which others than a single id need, work on the host alone.
  const kinds = ['user', 'pid', ...(person.ids === 'single' ? ['mnt', 'net', 'ipc'] : [])];

  it.each(kinds)('that forbids new %s namespaces is named', async (kind) => {
    const line = withLimit(`max_${kind}_namespaces`, 'minicontainer run /bin/true', person);
    const result = await shell(line, {as: person});
    expectRefused(result, /^the host allows no new .*namespace.*(ENOSPC|EUSERS)/);
    expect(result.stderr).toMatch(/\nhint: .*doctor.*\n$/);
  });

  it('that forbids user namespaces is told by doctor', async () => {
    const line = `unshare --user --map-root-user bash -c '
echo 0 > /proc/sys/user/max_user_namespaces; minicontainer doctor'`;
    const {status, stdout} = await shell(line, {as: person});
    expect(status).not.toBe(0);
    expect(stdout).toMatch(/MISSING +user namespaces +user.max_user_namespaces is 0/);
  });

  it('whose newuidmap refuses is told what it said', async () => {
    if (person.ids !== 'subordinate') return;
    const {work} = roomOf(person);
    const file = join(work, 'newuidmap');
    writeFileSync(file, '#!/bin/sh\necho "newuidmap: uid range not allowed" >&2; exit 1\n');
    chmodSync(file, 0o755);
    const env = {PATH: `${work}:${environmentOf(person).PATH}`};
    expectRefused(
      await run(['/bin/true'], {as: person, env}),
      /newuidmap refused the id map: newuidmap: uid range not allowed$/,
    );
  });

  it('without HOME is told where state can be kept', async () => {
    if (person.uid === 0) return;
    const env = {HOME: undefined, MINICONTAINER_ROOT: undefined};
    expectRefused(await run(['/bin/true'], {as: person, env}), /HOME is not set/);
  });

  it.each(['relative', ''])('whose MINICONTAINER_ROOT is %j is refused', async (state) => {
    const env = {MINICONTAINER_ROOT: state};
    expectRefused(await run(['/bin/true'], {as: person, env}), /not absolute/);
  });

  it('whose MINICONTAINER_ROOT is a file is refused', async () => {
    const file = join(roomOf(person).work, 'file');
    writeFileSync(file, '');
    const env = {MINICONTAINER_ROOT: file};
    expectRefused(
      await run(['/bin/true'], {as: person, env}),
      /cannot keep a container at \S+: ENOTDIR/,
    );
  });

  it('whose MINICONTAINER_ROOT cannot be written is refused', async () => {
    if (person.uid === 0) return;
    const state = join(roomOf(person).work, 'closed');
    mkdirSync(state);
    chmodSync(state, 0o500);
    const env = {MINICONTAINER_ROOT: join(state, 'x')};
    const result = await run(['/bin/true'], {as: person, env});
    expectRefused(result, /cannot keep a container at \S+: EACCES/);
  });

  it.each([
    ['/no/nsexec', /MINICONTAINER_NSEXEC names \/no\/nsexec, which cannot be executed/],
    ['/etc/passwd', /MINICONTAINER_NSEXEC names \/etc\/passwd, which cannot be executed/],
  ])('whose nsexec is %s is refused', async (path, message) => {
    const env = {MINICONTAINER_NSEXEC: path};
    expectRefused(await run(['/bin/true'], {as: person, env}), message);
  });

  it('where nothing is wrong passes every check of doctor that is no warning', async () => {
    const {status, stdout} = await minicontainer(['doctor', '--format', 'json'], {as: person});
    const checks: {name: string; ok: boolean | 'warn'}[] = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(checks.filter(({ok}) => ok === false)).toEqual([]);
    expect(checks.map(({name}) => name)).toContain('a container');
  });
});

describeRoot('a disk', () => {
  const others = people.filter(({exists}) => exists);

  it.each(others)('that is full is named, and nothing is left on it, as $name', async (person) => {
    const {work, state} = roomOf(person);
    // In a mount namespace of its own: the host sees nothing of this disk.
    const script = `
set -e; mount --make-rprivate /; mount -t tmpfs -o size=64k,mode=755,uid=${person.uid} disk ${state}
dd if=/dev/zero of=${state}/filler bs=4k 2> /dev/null || true
setpriv --reuid ${person.uid} --regid ${person.gid} --clear-groups minicontainer run /bin/true || code=$?
ls -A ${state} >&2; ls -A ${state}/containers ${state}/ranges 2> /dev/null | grep -v : >&2 || true
exit $code`;
    writeFileSync(join(work, 'script'), script);
    const env = {MINICONTAINER_ROOT: state, HOME: roomOf(person).home};
    const {status, stdout, stderr} = await shell(`unshare --mount bash ${work}/script`, {env});
    expect({status, stdout}).toEqual({status: 125, stdout: ''});
    expect(stderr).toMatch(
      /^minicontainer: cannot keep a container at \S+: ENOSPC\nhint: the disk is full: .*\ncontainers\nfiller\n(ranges\n)?\n*$/,
    );
  });

  it.each(others)('that has no more room for files is named, as $name', async (person) => {
    const {work, state} = roomOf(person);
    const counts = [4, 5, 6, 7, 8, 9, 10];
    const script = `
set -e; mount --make-rprivate /
for count in ${counts.join(' ')}; do
  mount -t tmpfs -o nr_inodes=$count,mode=755,uid=${person.uid} disk ${state}
  setpriv --reuid ${person.uid} --regid ${person.gid} --clear-groups minicontainer run /bin/true || true
  find ${state} -mindepth 2
  umount ${state}
done`;
    writeFileSync(join(work, 'script'), script);
    const env = {MINICONTAINER_ROOT: state, HOME: roomOf(person).home};
    const {status, stdout, stderr} = await shell(`unshare --mount bash ${work}/script`, {env});
    expect({status, stdout}).toEqual({status: 0, stdout: ''});
    expect(stderr).toMatch(/^(minicontainer: .*ENOSPC.*\nhint: .*\n)+$/);
  });
});

describeEach('a full file system of the container', (person) => {
  it('is the command’s own affair', async () => {
    const words = ['--tmpfs', '/x:size=4k', ...bash('head -c 8k /dev/zero > /x/file')];
    expect(await run(words, {as: person})).toEqual({
      status: 1,
      stdout: '',
      stderr: "head: error writing 'standard output': No space left on device\n",
    });
  });
});
