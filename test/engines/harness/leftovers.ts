import {lstatSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {EngineArena} from './arena.ts';

/** What there was within an arena, one line each. */
export type Snapshot = ReadonlySet<string>;

/** What engines leave for themselves. */
const collected = [
  // Files that dockerd mounts network namespaces on: it keeps its own, and removes others once a minute.
  /^netns(\/[\w-]+)?$/,
  // Its socket for hooks, which has another name when it starts again.
  /^libnetwork\/\w+\.sock$/,
  // Sockets of shims that were killed.
  /^containerd\/s\/[0-9a-f]+$/,
  // In which conmon says how a container has ended: Podman may leave one.
  /(^|\/)libpod\/(tmp\/)?exits\//,
  // Directories for all the pods of containerd.
  /\/(k8s\.io|containers|sandboxes)$/,
];

/** Started again, it has another number. */
const daemon = /^\d+ (dockerd|containerd) /;

/** Podman makes a pod's cgroups, but in this hierarchy the runtime does; it removes its own alone. */
const ofPods = /\/systemd\/.*\/libpod_parent\/[0-9a-f]{64}$/;

export function takeSnapshot(arena: EngineArena): Snapshot {
  return new Set([
    ...listProcesses(arena),
    ...listMounts(arena),
    ...listCgroups(arena),
    ...[
      '/run',
      '/dev/shm',
      ...['docker/exec', 'containerd/state'].map((name) => join(arena.scratch, name)),
    ].flatMap((place) =>
      listFiles(arena.seen(place))
        .filter((path) => !collected.some((pattern) => pattern.test(path)))
        .map((path) => `file ${join(place, path)}`),
    ),
  ]);
}

/**
 * What is there that was not: processes, mounts, cgroups, files.
 *
 * @param patienceMs how long an engine may take to tidy up what has ended
 */
export async function leftoversSince(
  before: Snapshot,
  arena: EngineArena,
  patienceMs = 5000,
): Promise<string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = [...takeSnapshot(arena)].filter((line) => !before.has(line));
    if (left.length === 0 || performance.now() > deadline) return left.filter(isTop);
    await sleep(50);
  }
}

/** What is in a directory that was left needs not be told as well. */
function isTop(line: string, _: number, lines: readonly string[]): boolean {
  return !lines.some((above) => line.startsWith(`${above}/`));
}

function listProcesses(arena: EngineArena): string[] {
  return readdirSync(arena.seen('/proc'))
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${pid} ${commandOf(arena.seen(`/proc/${pid}/cmdline`))}`)
    .filter((process) => !daemon.test(process))
    .map((process) => `process ${process}`);
}

function commandOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll('\0', ' ').trimEnd();
  } catch {
    return 'that has ended';
  }
}

function listMounts(arena: EngineArena): string[] {
  const lines = readFileSync(`/proc/${arena.pid}/mountinfo`, 'utf8').trimEnd().split('\n');
  const points = lines.map((line) => line.split(' ')[4] ?? '');
  return points
    .filter((point) => !point.endsWith('/netns/default'))
    .map((point) => `mount ${point}`);
}

/** Of every hierarchy, below the arena's own. */
function listCgroups({cgroups}: EngineArena): string[] {
  return cgroups
    .flatMap((top) =>
      listFiles(top, (path) => lstatSync(path).isDirectory()).map((path) => join(top, path)),
    )
    .filter((path) => !ofPods.test(path))
    .map((path) => `cgroup ${path}`);
}

function listFiles(top: string, isWanted = (_path: string) => true, below = ''): string[] {
  return list(join(top, below)).flatMap((name) => {
    const path = join(below, name);
    const full = join(top, path);
    if (!isWanted(full)) return [];
    const isDirectory = lstatSync(full, {throwIfNoEntry: false})?.isDirectory();
    return [path, ...(isDirectory ? listFiles(top, isWanted, path) : [])];
  });
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
