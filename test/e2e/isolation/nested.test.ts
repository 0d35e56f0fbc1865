import {dirname} from 'node:path';
import {expect, inject, it} from 'vitest';
import {describeEach, describeRoot, people} from '../harness/people.ts';
import {run, shell} from '../harness/run.ts';

// Root of a user namespace: of unshare(1), or of a container.

describeEach('root of a user namespace of one id', (person) => {
  it('runs containers that have that id', async () => {
    const inner =
      'minicontainer run /bin/sh -c "id -u; cat /proc/self/uid_map /proc/self/setgroups"';
    const {status, stdout, stderr} = await shell(`unshare --user --map-root-user ${inner}`, {
      as: person,
    });
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    expect(stdout).toMatch(/^0\n +0 +0 +1\ndeny\n$/);
  });

  it('keeps its state at home, where it may not write what the host’s root has', async () => {
    // Who is root outside too may.
    if (person.uid === 0) return;
    const script = `unshare --user --map-root-user minicontainer run /bin/true
ls -d "$HOME/.local/share/minicontainer" > /dev/null`;
    const env = {MINICONTAINER_ROOT: undefined};
    const {status, stderr} = await shell(script, {as: person, env});
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
  });

  it('is told what it has not', async () => {
    const script = `
unshare --user --map-root-user minicontainer run -u 33 /bin/true
unshare --user --map-root-user minicontainer run --userns host /bin/true
unshare --user --map-root-user minicontainer run -v .:/v:idmap /bin/true`;
    const {status, stderr} = await shell(script, {as: person});
    expect(status).toBe(125);
    expect(stderr).toMatch(
      /user 33(:\d+)? is not among the ids.*\nhint: .*\n.*only root can share.*\nhint: .*\n.*EPERM.*\nhint: .*leave idmap out/,
    );
  });
});

const ranged = people.filter(({ids, exists}) => ids === 'subordinate' && exists);

it.each(ranged)(
  'root of a user namespace of many ids shares them out, as $name',
  async (person) => {
    const inner = `minicontainer run -u 33:33 /bin/sh -c 'id -u; cat /proc/self/uid_map'
minicontainer run --uidmap 0:5:3 /bin/cat /proc/self/uid_map
mount -t tmpfs tmpfs /mnt && touch /mnt/file && minicontainer run -v /mnt:/v:idmap --uidmap 0:7:1 /bin/stat -c %u /v/file`;
    const {status, stdout, stderr} = await shell(
      `unshare --user --mount --map-auto --map-root-user bash -c "$INNER"`,
      {as: person, env: {INNER: inner}},
    );
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    expect(stdout.replace(/ +/g, ' ')).toMatch(/^33\n 0 0 1\n 1 1 \d+\n 0 5 3\n0\n$/);
  },
);

describeRoot('a container of root’s', () => {
  it('runs containers in it, with --privileged and a user namespace of its own', async () => {
    const installed = inject('installed');
    const words = [
      ...['--privileged', '--userns', 'auto', '--tmpfs', '/tmp:exec'],
      ...['-v', `${installed}:${installed}:ro`, '-v', `${dirname(process.execPath)}:/node:ro`],
      ...['-e', `PATH=${installed}/bin:/node:/usr/bin:/bin`, '-e', 'MINICONTAINER_ROOT=/tmp/state'],
      '/bin/bash',
      '-c',
      `minicontainer run -u 33:33 /bin/sh -c 'id -u; hostname; cat /proc/self/uid_map' && hostname`,
    ];
    const {status, stdout, stderr} = await run(words);
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    expect(stdout.replace(/ +/g, ' ')).toMatch(/^33\n(\w{12})\n 0 0 65536\n(?!\1)\w{12}\n$/);
  });
});
