import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {externalMounts, parseMounts} from './external.ts';

/** A mount whose source is outside of the container. */
export interface External {
  readonly place: string;
  readonly kind: 'directory' | 'file' | 'device';
  /** Where the host has that device. */
  readonly device?: string;
}

/** What a container has from outside, which criu's images only name. */
export interface Surroundings {
  /** Names that criu has for the standard streams. */
  readonly streams: readonly string[];
  readonly mounts: readonly External[];
}

/** The name that criu's images have for a network namespace which is not the container's own. */
export const networkKey = 'extRootNetNS';

/** Beside the images, as other runtimes name it: who moves a checkpoint to another host takes it along. */
const streamsFile = 'descriptors.json';
const mountsFile = 'external-mounts.json';

/** Of a process in the container. */
export function findExternals(pid: number): External[] {
  const mounts = parseMounts(readFileSync(`/proc/${pid}/mountinfo`, 'utf8'));
  return externalMounts(mounts).map((place) => {
    const status = statSync(`/proc/${pid}/root${place}`);
    if (status.isDirectory()) return {place, kind: 'directory'};
    if (!status.isCharacterDevice()) return {place, kind: 'file'};
    const device = nameOf(status.rdev);
    return {place, kind: 'device', ...(device !== undefined && {device})};
  });
}

/** @see makedev(3) */
function nameOf(rdev: number): string | undefined {
  const major = Math.floor(rdev / 256) & 0xfff;
  const minor = (rdev & 0xff) | (Math.floor(rdev / 0x1000) & 0xfff00);
  try {
    const text = readFileSync(`/sys/dev/char/${major}:${minor}/uevent`, 'utf8');
    const name = /^DEVNAME=(.+)$/m.exec(text)?.[1];
    return name && `/dev/${name}`;
  } catch {
    return undefined;
  }
}

export function writeSurroundings(imagePath: string, {streams, mounts}: Surroundings): void {
  writeFileSync(join(imagePath, streamsFile), JSON.stringify(streams), {mode: 0o600});
  writeFileSync(join(imagePath, mountsFile), JSON.stringify(mounts), {mode: 0o600});
}

/** @throws {MinicontainerError} `ECRIU` where there is no checkpoint */
export function readSurroundings(imagePath: string): Surroundings {
  return {
    streams: readList(imagePath, streamsFile).filter((name) => typeof name === 'string'),
    mounts: readList(imagePath, mountsFile).filter(isExternal),
  };
}

function readList(imagePath: string, name: string): unknown[] {
  const path = join(imagePath, name);
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (Array.isArray(found)) return found;
  } catch (cause) {
    throw new MinicontainerError(
      'ECRIU',
      `${path} cannot be read: there is no checkpoint of ours`,
      {
        cause,
        hint: 'name the directory of a checkpoint with --image-path',
      },
    );
  }
  throw new MinicontainerError('ECRIU', `${path} holds no list`);
}

function isExternal(value: unknown): value is External {
  return (
    typeof value === 'object' &&
    value !== null &&
    'place' in value &&
    'kind' in value &&
    typeof value.place === 'string' &&
    typeof value.kind === 'string'
  );
}
