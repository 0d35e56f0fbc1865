import {spawnSync} from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {buildSpec, type Resources} from '@minicontainer/spec';
import {afterAll} from 'vitest';
import {hierarchy} from './hierarchies.ts';

export const runtimes = ['runc', 'crun'] as const;
export type Runtime = (typeof runtimes)[number];

const bundle = mkdtempSync(join(tmpdir(), 'minicontainer-bundle-'));
afterAll(() => rmSync(bundle, {recursive: true, force: true}));

/** What the container would run: it is created, and never started. */
export function buildBundle(): void {
  mkdirSync(join(bundle, 'rootfs/bin'), {recursive: true});
  for (const place of ['proc', 'dev', 'sys']) mkdirSync(join(bundle, 'rootfs', place));
  run('gcc', '-static', '-o', join(bundle, 'rootfs/bin/idle'), join(import.meta.dirname, 'idle.c'));
}

/** Creates a container with a cgroup at this path, calls `look`, and deletes it. */
export function withContainer<T>(
  runtime: Runtime,
  cgroupsPath: string,
  resources: Resources,
  look: () => T,
): T {
  const spec = buildSpec({args: ['/bin/idle'], rootPath: 'rootfs', resources});
  const config = {
    ...spec,
    // What crun of Debian 12 knows.
    ociVersion: '1.0.2',
    mounts: spec.mounts?.slice(0, 2),
    linux: {...spec.linux, cgroupsPath},
  };
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
  const id = `minicontainer-test-${process.pid}`;
  const call = (...words: readonly string[]) => {
    const line = [runtime, '--root', join(bundle, 'state'), ...words];
    // crun refuses a machine that has v1 and v2; where v2 is not to be seen, it takes v1.
    const unified = hierarchy('v2');
    if (runtime === 'runc' || unified === undefined) run(...line);
    else run('unshare', '-m', 'sh', '-c', `umount ${unified} && exec "$@"`, 'sh', ...line);
  };
  try {
    call('create', '--bundle', bundle, id);
    return look();
  } finally {
    call('delete', '--force', id);
  }
}

function run(command = '', ...args: readonly string[]): void {
  // A file, not a pipe: the container holds it open, and whoever reads a pipe waits for its end.
  const complaints = join(bundle, 'stderr');
  const stderr = openSync(complaints, 'w');
  const {status} = spawnSync(command, args, {stdio: ['ignore', 'ignore', stderr], timeout: 20_000});
  closeSync(stderr);
  if (status === 0) return;
  throw new Error(`${command} ${args.join(' ')}: ${readFileSync(complaints, 'utf8')}`);
}
