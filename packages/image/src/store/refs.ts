import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {hexOf} from '../digest/digest.ts';
import {isMissing} from './failure.ts';
import {writeWhole} from './layout.ts';
import {decodeImage, encodeImage, type StoredImage} from './stored-image.ts';

const ending = '.json';
/** A file's name has 255 bytes at most. */
const longestStem = 200;

/** Every image under each of its names, by name; those without one last. */
export function readImages(root: string): readonly StoredImage[] {
  return readdirSync(join(root, 'refs'))
    .filter((file) => file.endsWith(ending))
    .flatMap((file) => readFile(join(root, 'refs', file)) ?? [])
    .sort((one, other) => compare(one.name ?? '\uffff', other.name ?? '\uffff'));
}

/** The image of a full name, from its one file. */
export function readImage(root: string, name: string): StoredImage | undefined {
  const image = readFile(namePath(root, name));
  return image?.name === name ? image : undefined;
}

export function writeImage(root: string, image: StoredImage): void {
  writeWhole(pathOf(root, image), encodeImage(image));
}

export function forgetImage(root: string, image: StoredImage): void {
  rmSync(pathOf(root, image), {force: true});
}

/** What was never written whole, or was cut short by a loss of power. The caller holds the store's lock alone. */
export function removeBrokenRefs(root: string): void {
  for (const file of readdirSync(join(root, 'refs'))) {
    const path = join(root, 'refs', file);
    if (!file.endsWith(ending) || readFile(path) === undefined) rmSync(path, {force: true});
  }
}

function pathOf(root: string, {name, manifest}: StoredImage): string {
  return name === undefined
    ? join(root, 'refs', `${hexOf(manifest.digest)}${ending}`)
    : namePath(root, name);
}

/** Readable where it fits: a digest of the name would have `run` load node:crypto, which takes 3 ms. */
function namePath(root: string, name: string): string {
  const stem = encodeURIComponent(name);
  return join(root, 'refs', `${stem.length <= longestStem ? stem : hashed(stem)}${ending}`);
}

function hashed(stem: string): string {
  const {createHash} = process.getBuiltinModule('node:crypto');
  return `${stem.slice(0, 100)}~${createHash('sha256').update(stem).digest('hex')}`;
}

function readFile(path: string): StoredImage | undefined {
  try {
    return decodeImage(readFileSync(path, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
