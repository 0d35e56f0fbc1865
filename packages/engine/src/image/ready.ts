import {openSync} from 'node:fs';
import {join} from 'node:path';
import {
  parsePlatform,
  platformDistance,
  type StoredImage,
  tryFindImage,
} from '@minicontainer/image';
import {type Layers, SnapshotIndex} from '@minicontainer/rootfs';
import {flock} from '@minicontainer/syscalls';
import type {ImageUse, RootSource, RunOptions} from '../options.ts';
import {layerIds} from './ids-key.ts';
import {applySettings} from './settings.ts';

type ImageSource = Extract<RootSource, {kind: 'image'}>;

/**
 * Options whose root is an image, as options whose root is that image's layers: undefined where it is not
 * here, or not unpacked in the container's ids. From here on until this process ends, or becomes another,
 * nobody removes them.
 *
 * @throws {MinicontainerError} `EREFERENCE`, `EIMAGE`
 */
export function readyImage(
  options: RunOptions,
  source: ImageSource,
  state: string,
): RunOptions | undefined {
  if (!holdStore(state)) return undefined;
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
  return {...merged, source: {kind: 'layers', name: source.name, layers, use}};
}

/**
 * The lock that who removes images takes alone, for a moment: held until execve. False where there is no
 * store yet.
 */
function holdStore(state: string): boolean {
  let lock: number;
  try {
    lock = openSync(join(state, 'lock'), 'r');
  } catch {
    return false;
  }
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  while (!flock(lock, 'shared')) Atomics.wait(sleeper, 0, 0, 2);
  return true;
}

function isFor({platform}: StoredImage, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return platformDistance(platform, parsePlatform(wanted)) !== undefined;
}

function filesOf(name: string): string {
  return `${name}/fs`;
}
