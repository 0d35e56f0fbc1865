import {chownSync, mkdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {useDocker} from '../harness/docker.ts';

/** scripts/setup-debian makes the user, with a range of subordinate ids. */
const docker = useDocker(['--userns-remap', 'mctest']);

function firstId(): number {
  return Number(/^mctest:(\d+):/m.exec(readFileSync('/etc/subuid', 'utf8'))?.[1]);
}

describe.runIf(isRoot)(
  'only root: docker with ids of their own for all containers',
  {concurrent: true},
  () => {
    it('maps the range to the container', async ({expect}) => {
      const {stdout} = await docker().run([], ['sh', '-c', 'id -u; cat /proc/self/uid_map']);
      expect(stdout.trim().split(/\s+/)).toEqual(['0', '0', String(firstId()), '65536']);
    });

    it('writes files of the host as the first of the range', async ({expect}) => {
      const directory = join(docker().arena.scratch, 'given');
      mkdirSync(directory);
      chownSync(directory, firstId(), firstId());
      const {status} = await docker().run(
        ['--volume', `${directory}:/given`],
        ['touch', '/given/f'],
      );
      expect(status).toBe(0);
      expect(statSync(join(directory, 'f')).uid).toBe(firstId());
    });

    it('runs as a user, read-only, with a tmpfs, a limit and a device', async ({expect}) => {
      const flags = [
        ...['--user', 'worker', '--read-only', '--tmpfs', '/scratch', '--memory', '64m', '--init'],
        ...['--device', '/dev/fuse', '--cap-drop', 'ALL', '--sysctl', 'net.ipv4.ip_forward=1'],
      ];
      const script = 'id -u; touch /scratch/f && ls /scratch; stat -c %t:%T /dev/fuse';
      expect(await docker().run(flags, ['sh', '-c', script])).toMatchObject({
        status: 0,
        stdout: '1000\nf\na:e5\n',
      });
    });

    it('runs more by exec, with the same ids, and ends by stop', async ({expect}) => {
      const id = await docker().detach(
        [],
        ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done'],
      );
      const map = await docker().succeed(['exec', id, 'cat', '/proc/self/uid_map']);
      expect(map).toContain(String(firstId()));
      expect(await docker().succeed(['exec', '--user', '1000', id, 'id', '-u'])).toBe('1000');
      await docker().succeed(['stop', id]);
      expect(await docker().inspect(id, '{{.State.ExitCode}}')).toBe('0');
      await docker().remove(id);
    });

    it('shares the ids of the host with --userns host', async ({expect}) => {
      const {stdout} = await docker().run(['--userns', 'host'], ['cat', '/proc/self/uid_map']);
      expect(stdout.trim().split(/\s+/)).toEqual(['0', '0', '4294967295']);
    });
  },
);
