import assert from 'node:assert/strict';
import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Check, check} from './check.ts';
import {type Result, start} from './command.ts';
import {root} from './people.ts';

const place = '/tmp/joining';
const cgroup = '/sys/fs/cgroup/joined';
const own = ['exec', 'joined', 'cat', '/proc/self/cgroup'];

const config = {
  ociVersion: '1.2.0',
  root: {path: 'rootfs'},
  process: {args: ['sleep', '1000'], cwd: '/', env: ['PATH=/bin']},
  mounts: [{destination: '/proc', type: 'proc'}],
  linux: {
    cgroupsPath: '/joined',
    // Its view of cgroups begins at its own.
    namespaces: ['mount', 'pid', 'cgroup'].map((type) => ({type})),
    resources: {pids: {limit: 30}},
  },
};

/** With cgroup v2 alone a process is born in its cgroup, which takes none once it has been divided. */
export function joining(): Check {
  return check(
    'a process joins a container in its cgroup, and where that is divided beside the first process',
    async () => {
      mkdirSync(place, {recursive: true});
      cpSync('/root/system', join(place, 'rootfs'), {recursive: true, verbatimSymlinks: true});
      writeFileSync(join(place, 'config.json'), JSON.stringify(config));
      await ours(['run', '--detach', '--bundle', place, 'joined']);
      assert.equal((await ours(own)).stdout, '0::/\n');

      const {pid} = JSON.parse((await ours(['state', 'joined'])).stdout);
      mkdirSync(join(cgroup, 'below'));
      writeFileSync(join(cgroup, 'below/cgroup.procs'), String(pid));
      writeFileSync(join(cgroup, 'cgroup.subtree_control'), '+pids');
      assert.equal((await ours(own)).stdout, '0::/below\n');
      mkdirSync(join(cgroup, 'beside'));
      const beside = ['exec', '--cgroup', 'beside', ...own.slice(1)];
      assert.equal((await ours(beside)).stdout, '0::/beside\n');
      assert.equal(readFileSync(join(cgroup, 'beside/cgroup.procs'), 'utf8'), '');

      await ours(['delete', '--force', 'joined']);
      rmSync(place, {recursive: true});
    },
  );
}

/** Its streams are files: who reads a pipe waits for the container. */
async function ours(words: readonly string[]): Promise<Result> {
  const line = `minicontainer-oci "$@" </dev/null >${place}/out 2>${place}/err`;
  const {status} = await start(root, ['sh', '-c', line, 'sh', ...words]).result;
  const [stdout, stderr] = ['out', 'err'].map((name) => readFileSync(join(place, name), 'utf8'));
  assert.equal(status, 0, stderr);
  return {status, stdout: stdout ?? '', stderr: stderr ?? ''};
}
