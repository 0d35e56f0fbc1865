import {execFileSync} from 'node:child_process';
import {accessSync, constants, copyFileSync, existsSync, mkdirSync, realpathSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';

const directories = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];

/** Where a program of this machine is. */
export function pathOf(program: string): string {
  const found = directories.map((directory) => join(directory, program)).find(isExecutable);
  if (found === undefined) throw new Error(`${program} is not installed`);
  return found;
}

/** Puts programs of this machine into a tree's /usr/bin, with the libraries that they need. */
export function copyPrograms(tree: string, paths: readonly string[]): void {
  for (const path of paths) place(path, join(tree, 'usr/bin', basename(path)));
  for (const library of librariesOf(paths)) {
    // As the loader will look for it: by its own name, in the directory that a link may lead to.
    place(library, join(tree, realpathSync(dirname(library)), basename(library)));
  }
}

function place(from: string, to: string): void {
  mkdirSync(dirname(to), {recursive: true});
  if (!existsSync(to)) copyFileSync(from, to);
}

/** What the loader would load, itself included. */
function librariesOf(programs: readonly string[]): Set<string> {
  const listed = execFileSync('ldd', [...programs], {encoding: 'utf8'});
  return new Set([...listed.matchAll(/(?:^|\s)(\/\S+) \(0x/g)].map(([, path = '']) => path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
