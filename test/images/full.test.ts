import {expect, inject, test} from 'vitest';
import {describeEach, isRoot, type Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {environmentOf, launch} from '../e2e/harness/run.ts';

// A file system of a person's own for the store, in a mount namespace of the test's own.

/** What is in the store, told before and after. */
const listing = `find . -mindepth 1 ! -path './containers*' ! -name lock ! -name '*.lock' \\( -type d -o -printf '%P %s\\n' \\)`;

function pullInto(options: string, image: string, person: Person): Promise<{stdout: string}> {
  const {uid, gid} = person;
  const state = roomOf(person).state;
  const script = [
    'set -eu',
    `mount -t tmpfs -o mode=700,uid=${uid},gid=${gid},${options} tmpfs "$1"`,
    'shift',
    'exec "$@"',
  ].join('\n');
  const inside = [
    'cd "$MINICONTAINER_ROOT"',
    `minicontainer pull -q ${inject('images').registry}/fixtures/busybox >/dev/null`,
    `${listing} | sort > "$HOME/../before"`,
    `minicontainer pull -q ${image} && echo pulled`,
    'echo "status $?"',
    `${listing} | sort > "$HOME/../after"`,
    'diff "$HOME/../before" "$HOME/../after" && echo as before',
    `minicontainer run --network none ${inject('images').registry}/fixtures/busybox echo runs`,
    'minicontainer df >/dev/null && echo counted',
  ].join('\n');
  const become =
    uid === 0
      ? []
      : [...['setpriv', '--reuid', String(uid), '--regid', String(gid)], '--clear-groups', '--'];
  const words = ['--mount', '--', 'sh', '-c', script, 'sh', state, ...become, 'bash', '-c', inside];
  return launch('unshare', words, {
    env: environmentOf(person),
    cwd: '/',
    timeoutMs: 60_000,
  }).result.then(({stdout, stderr}) => ({stdout: `${stdout}${stderr}`}));
}

describeEach('a disk that is full', (person) => {
  for (const [title, options] of [
    ['while layers are fetched', 'size=16m'],
    ['while layers are unpacked', 'size=80m'],
    ['of inodes', 'nr_inodes=400'],
  ] as const) {
    if (isRoot)
      test(`${title}: a clear error, and the store as before`, async () => {
        const image = `${inject('images').registry}/fixtures/debian`;
        const {stdout} = await pullInto(options, image, person);
        expect(stdout).toContain('status 125');
        expect(stdout).toMatch(/disk/);
        expect(stdout).not.toContain('internal error');
        expect(stdout).toContain('as before');
        expect(stdout).toContain('runs');
        expect(stdout).toContain('counted');
      });
  }
});
