import {mkdirSync, statSync} from 'node:fs';
import {join, resolve} from 'node:path';
import type {Spec} from '@minicontainer/spec';
import {notRunning, readContainer, readContainerSpec} from '../container.ts';
import {findCriu, networkLock, runCriu} from './criu.ts';
import {type CriuOptions, imageWords} from './options.ts';
import {streamsOf} from './streams.ts';
import {findExternals, networkKey, writeSurroundings} from './surroundings.ts';

export interface CheckpointOptions extends CriuOptions {
  readonly root: string;
  readonly id: string;
  /** It goes on; else it ends with its images written. */
  readonly leaveRunning: boolean;
  /** Only its memory, ahead of a checkpoint that is to be short. */
  readonly preDump: boolean;
}

/**
 * Writes a running container to images on disk, by criu.
 *
 * @throws {MinicontainerError} `ENOTRUNNING`, `ECRIU`
 * @see criu(8)
 */
export function checkpoint(options: CheckpointOptions): void {
  const criu = findCriu(options.criu);
  const container = readContainer(options.root, options.id);
  if (container.status !== 'running' && container.status !== 'paused') {
    throw notRunning(options.id, `is ${container.status}`);
  }
  const {pid} = container;
  const spec = readContainerSpec(container);
  const streams = streamsOf(pid);
  const log = options.preDump ? 'pre-dump.log' : 'dump.log';
  const work = resolve(options.workPath ?? options.imagePath);
  for (const path of [options.imagePath, work]) mkdirSync(path, {recursive: true, mode: 0o700});
  const mounts = findExternals(pid);
  writeSurroundings(options.imagePath, {streams, mounts});
  runCriu(
    [
      criu,
      options.preDump ? 'pre-dump' : 'dump',
      ...imageWords(options, log),
      ...networkLock(),
      ...['--tree', String(pid), '--manage-cgroups=ignore'],
      ...mounts.flatMap(({place}) => ['--external', `mnt[${place}]:${place}`]),
      ...streams.filter((name) => name.startsWith('file')).flatMap((name) => ['--external', name]),
      ...joinedNetwork(spec, pid),
      ...(options.preDump ? ['--track-mem'] : []),
      ...(options.leaveRunning && !options.preDump ? ['--leave-running'] : []),
    ],
    join(work, log),
  );
}

/** One that the container was given belongs to whoever made it. */
function joinedNetwork(spec: Spec, pid: number): string[] {
  const path = spec.linux?.namespaces?.find(({type}) => type === 'network')?.path;
  if (path === undefined) return [];
  return ['--external', `net[${statSync(`/proc/${pid}/ns/net`).ino}]:${networkKey}`];
}
