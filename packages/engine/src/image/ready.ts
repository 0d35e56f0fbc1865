import {openSync} from 'node:fs';
import {join} from 'node:path';
import {tryFindImage} from '@minicontainer/image';
import {type Layers, SnapshotIndex} from '@minicontainer/rootfs';
import {type FileLock, flock, lockFd} from '@minicontainer/syscalls';
import type {ImageUse, RootSource, RunOptions} from '../options.ts';
import {layerIds} from './ids-key.ts';
import {isFor} from './is-for.ts';
import {applySettings} from './settings.ts';

type ImageSource = Extract<RootSource, {kind: 'image'}>;

/**
 * Options whose root is an image, as options whose root is that image's layers: undefined where it is not
 * here, or not unpacked in the container's ids. Nobody removes them until `source.hold` is let go, or this
 * process ends or becomes another.
 *
 * @throws {MinicontainerError} `EREFERENCE`, `EIMAGE`
 */
export function readyImage(
  options: RunOptions,
  source: ImageSource,
  state: string,
): RunOptions | undefined {
  const hold = holdStore(state);
  if (hold === undefined) return undefined;
  let isReady = false;
  try {
    const ready = layersOf(options, source, state, hold);
    isReady = ready !== undefined;
    return ready;
  } finally {
    // To fetch it may take long, and nobody is to wait for that.
    if (!isReady) hold[Symbol.dispose]();
  }
}

function layersOf(
  options: RunOptions,
  source: ImageSource,
  state: string,
  hold: Disposable,
): RunOptions | undefined {
  const image = tryFindImage(state, source.name);
  if (image === undefined || !isFor(image, source.platform)) return undefined;
  const {key} = layerIds(options.userns);
  const snapshots = image.chains.map((chain) => `${chain}${key}`);
  const chain = new SnapshotIndex(state).findChain(snapshots);
  if (chain === undefined) return undefined;
  const layers: Layers = {
    directory: join(state, 'snapshots'),
    paths: snapshots.map(filesOf),
    root: chain.root && filesOf(chain.root),
  };
  const use: ImageUse = {
    ...(image.name === undefined ? {} : {name: image.name}),
    manifest: image.manifest.digest,
    snapshots,
  };
  const merged = applySettings(options, image, source.name);
  return {...merged, source: {kind: 'layers', name: source.name, layers, use, hold}};
}

/**
 * The lock that who removes images takes alone, for a moment. Undefined where there is no store yet. Waits
 * without the event loop: there is nothing else to do here, and a turn of it costs more than the lock.
 */
function holdStore(state: string): Disposable | undefined {
  // Passed only: who wants the lock alone holds it while it waits.
  const gate = lockShared(join(state, 'gate.lock'));
  const lock = lockShared(join(state, 'lock'));
  gate?.[Symbol.dispose]();
  return lock;
}

function lockShared(path: string): FileLock | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  while (!flock(fd, 'shared')) Atomics.wait(sleeper, 0, 0, 2);
  return lockFd(fd);
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function filesOf(name: string): string {
  return `${name}/fs`;
}
