import {mkdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {compileRestore} from '@minicontainer/plan';
import type {Spec} from '@minicontainer/spec';
import {placeSpec} from '../../compile-spec.ts';
import {readBundle} from '../bundle.ts';
import {requestCgroup} from '../cgroups-path.ts';
import {writeContainer} from '../create.ts';
import {fillDirectory, makeDirectory, removeDirectory} from '../directory.ts';
import {findCriu} from './criu.ts';
import {type CriuOptions, imageWords} from './options.ts';
import {type External, networkKey, readSurroundings} from './surroundings.ts';

export interface RestoreOptions extends CriuOptions {
  readonly root: string;
  readonly id: string;
  readonly bundle: string;
  readonly detach: boolean;
  readonly pidFile?: string;
  readonly keep?: boolean;
}

/**
 * Decides how criu restores a container from its images, and writes down what nsexec is to do.
 *
 * @returns the path of its plan
 * @throws {MinicontainerError} `ECRIU`, and what a bundle can have wrong
 */
export function planRestore(options: RestoreOptions): string {
  const criu = findCriu(options.criu);
  const {directory: bundle, spec} = readBundle(options.bundle);
  const found = readSurroundings(options.imagePath);
  const directory = makeDirectory(options.root, options.id);
  const mountPoint = join(directory, 'root');
  const empty = join(directory, 'empty');
  const pidFile = join(directory, 'criu.pid');
  const log = join(resolve(options.workPath ?? options.imagePath), 'restore.log');
  fillDirectory(directory, (write) => {
    for (const made of [mountPoint, empty]) mkdirSync(made, {mode: 0o755});
    const {limited, cgroup} = placeSpec(spec, {
      id: options.id,
      // criu puts its processes there itself.
      placement: requestCgroup(options.id, spec.linux?.cgroupsPath, {manager: 'cgroupfs'}),
    });
    const words = [
      criu,
      'restore',
      ...imageWords(options, 'restore.log'),
      ...['--root', mountPoint, '--pidfile', pidFile, '--restore-detached', '--restore-sibling'],
      '--manage-cgroups=ignore',
      ...found.mounts.flatMap((mount) => [
        '--external',
        `mnt[${mount.place}]:${sourceOf(mount, spec, empty)}`,
      ]),
      ...found.streams.flatMap((name, fd) => ['--inherit-fd', `fd[${fd}]:${name}`]),
    ];
    const plan = compileRestore({
      argv: withNetwork(spec, words),
      root: spec.root?.path ?? '',
      ...{mountPoint, pidFile, log},
      runtime: {
        directory,
        gate: false,
        detach: options.detach,
        preservedFds: 0,
        ...(options.pidFile !== undefined && {pidFile: options.pidFile}),
      },
      ...(cgroup && {cgroup}),
      ending: options.keep ? [] : [removeDirectory(directory)],
    });
    writeContainer(write, {id: options.id, bundle, spec, limited, plan, ...(cgroup && {cgroup})});
  });
  return join(directory, 'plan');
}

/** What is mounted where, of all that came from outside. */
function sourceOf({place, kind, device}: External, spec: Spec, empty: string): string {
  const bound = spec.mounts?.find(({destination}) => resolve('/', destination) === place)?.source;
  if (bound !== undefined && kind !== 'device') return bound;
  if (kind === 'directory') return empty;
  return device ?? '/dev/null';
}

/** criu finds a namespace that is not the container's own by a descriptor of ours. */
function withNetwork(spec: Spec, words: readonly string[]): readonly string[] {
  const path = spec.linux?.namespaces?.find(({type}) => type === 'network')?.path;
  if (path === undefined) return words;
  const inherited = ['--inherit-fd', `fd[${networkDescriptor}]:${networkKey}`];
  return [
    '/bin/sh',
    '-c',
    `exec ${networkDescriptor}<"$0"; exec "$@"`,
    path,
    ...words,
    ...inherited,
  ];
}

/** One digit: what sh(1) can open. */
const networkDescriptor = 9;
