import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, rmdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {type Check, check} from '../check.ts';
import {minicontainer} from '../command.ts';
import {cgroupOf, inSystem, startSystem} from '../limits/container.ts';
import {type Person, root} from '../people.ts';

/** The scope that systemd makes for a container. */
export function scope(person: Person): Check {
  const [above, systemctl] =
    person.uid === 0
      ? ['/machine.slice/', ['systemctl']]
      : [
          `/user.slice/user-${person.uid}.slice/user@${person.uid}.service/user.slice/`,
          ['setpriv', `--reuid=${person.uid}`, `--regid=${person.uid}`, '--clear-groups'].concat([
            'env',
            `XDG_RUNTIME_DIR=/run/user/${person.uid}`,
            'systemctl',
            '--user',
          ]),
        ];
  const ask = (...words: string[]) => {
    const [program = '', ...first] = systemctl;
    return execFileSync(program, [...first, ...words], {encoding: 'utf8'});
  };
  return check(
    `a container of ${person.name}'s lies in a scope of systemd's, until it ends`,
    async () => {
      const {running, cgroup, directory} = await startSystem(person, [], 'echo ready; read line');
      assert.match(cgroup, new RegExp(`^${above}minicontainer-[0-9a-f]{64}\\.scope/container$`));
      const unit = dirname(cgroup).slice(above.length);
      assert.equal(ask('show', '-P', 'Delegate', unit).trim(), 'yes');
      assert.match(ask('status', '--no-pager', '-l', unit), /Active: active \(running\)/);
      const tree = execFileSync('systemd-cgls', ['--no-pager', dirname(cgroup)], {
        encoding: 'utf8',
      });
      assert.match(tree, /container/);
      assert.match(tree, /supervisor/);
      running.write('');
      assert.equal((await running.result).status, 0);
      assert.ok(!existsSync(dirname(directory)), `${unit} is gone`);
      assert.equal(
        ask('list-units', '--all', '--no-legend', '--plain', 'minicontainer-*.scope'),
        '',
      );
    },
  );
}

/** Controllers that systemd knows nothing of. */
export function unknownToSystemd(): Check {
  const limit = ['--cgroup-conf', 'hugetlb.2MB.max=4194304'];
  return check('a controller that systemd does not hand on is had without it', async () => {
    const refused = await minicontainer(root, inSystem(root, limit, 'true'));
    assert.equal(refused.status, 125, refused.stderr);
    assert.match(refused.stderr, /needs the cgroup controller hugetlb.*\nhint: .*--cgroup-parent/);
    const parent = ['--cgroup-parent', '/containers'];
    const script = 'cat /sys/fs/cgroup/hugetlb.2MB.max';
    const apart = await minicontainer(root, inSystem(root, [...parent, ...limit], script));
    rmdirSync('/sys/fs/cgroup/containers');
    assert.equal(apart.stdout, '4194304\n', apart.stderr);
  });
}

/** A controller that systemd gives a user only when its administrator says so. */
export function notDelegated(person: Person): Check {
  return check(
    `${person.name} is told how to have a controller that is not delegated`,
    async () => {
      assert.match(cgroupOf('self'), /system\.slice/);
      const result = await minicontainer(person, inSystem(person, ['--cpuset-cpus', '0'], 'true'));
      assert.equal(result.status, 125, result.stderr);
      assert.match(result.stderr, /needs the cgroup controller cpuset, which is not there/);
      assert.match(result.stderr, /\nhint: as root: systemctl edit user@\.service.*Delegate=/);
    },
  );
}
