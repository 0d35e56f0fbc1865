import assert from 'node:assert/strict';
import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Check, check} from './check.ts';
import {type Result, start} from './command.ts';
import {root} from './people.ts';

/** A counter that stands in a variable of a shell's: who begins anew begins at 1. */
const counting = 'i=0; while :; do i=$((i+1)); echo $i > /tmp/count; sleep 0.1; done';
const place = '/tmp/checkpoint';

const config = {
  ociVersion: '1.2.0',
  root: {path: 'rootfs'},
  process: {args: ['sh', '-c', counting], cwd: '/', env: ['PATH=/bin']},
  mounts: [
    {destination: '/proc', type: 'proc'},
    {destination: '/dev', type: 'tmpfs', options: ['nosuid']},
    {destination: '/tmp', type: 'bind', source: `${place}/tmp`, options: ['bind']},
  ],
  linux: {
    namespaces: ['mount', 'pid', 'ipc', 'uts', 'network', 'cgroup'].map((type) => ({type})),
    maskedPaths: ['/proc/acpi', '/proc/kcore'],
    resources: {pids: {limit: 30}},
  },
};

/** On a kernel that Debian's criu knows. */
export function checkpoints(): Check {
  return check(
    'a checkpoint ends a container, and its restoration goes on where it was',
    async () => {
      mkdirSync(join(place, 'tmp'), {recursive: true});
      cpSync('/root/system', join(place, 'rootfs'), {recursive: true, verbatimSymlinks: true});
      writeFileSync(join(place, 'config.json'), JSON.stringify(config));
      const images = ['--image-path', join(place, 'images')];
      await ours('run', '--detach', '--bundle', place, 'before');
      await sleep(2000);
      await ours('checkpoint', ...images, 'before');
      assert.equal((await state('before')).status, 'stopped');
      await ours('delete', 'before');

      const reached = count();
      await ours('restore', '--detach', '--bundle', place, ...images, 'after');
      await sleep(2000);
      const {status, pid} = await state('after');
      assert.equal(status, 'running');
      assert.ok(count() > reached, `it counts on from ${reached}, not to ${count()}`);
      assert.equal(readFileSync(`/proc/${pid}/cgroup`, 'utf8'), '0::/after\n');
      assert.equal(readFileSync('/sys/fs/cgroup/after/pids.max', 'utf8'), '30\n');
      assert.equal(readFileSync(`/proc/${pid}/root/proc/kcore`, 'utf8'), '', 'it stays masked');
      await ours('delete', '--force', 'after');
      rmSync(place, {recursive: true});
    },
  );
}

function count(): number {
  return Number(readFileSync(join(place, 'tmp/count'), 'utf8'));
}

async function state(id: string): Promise<{status: string; pid: number}> {
  return JSON.parse((await ours('state', id)).stdout);
}

/** Its streams are files: who reads a pipe waits for the container. */
async function ours(...words: string[]): Promise<Result> {
  const line = 'exec minicontainer-oci "$@" </dev/null';
  const silent = words[0] === 'state' ? line : `${line} >${place}/log 2>&1`;
  const running = start(root, ['sh', '-c', silent, 'sh', ...words]);
  const result = await running.result;
  assert.equal(result.status, 0, result.stderr + readFileSync(join(place, 'log'), 'utf8'));
  return result;
}
