import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {cacheDirectory} from './cache.ts';

/** A kernel of Debian's, unpacked but not installed. */
export interface Kernel {
  /** As `uname -r` says: `6.1.0-56-cloud-amd64`. */
  readonly release: string;
  readonly image: string;
  /** Module files in the order in which they can be loaded. */
  readonly modules: readonly string[];
}

/** Depends on the newest kernel of the release, whose name has its version in it. */
const metapackage = 'linux-image-cloud-amd64';

/** Debian's cloud kernel with the modules that are asked for, from the cache or else from the archive. */
export function unpackKernel(moduleNames: readonly string[]): Kernel {
  const directory = kernelDirectory();
  const [image = ''] = readdirSync(join(directory, 'boot')).filter((name) =>
    name.startsWith('vmlinuz-'),
  );
  const release = image.slice('vmlinuz-'.length);
  return {
    release,
    image: join(directory, 'boot', image),
    modules: [...new Set(moduleNames.flatMap((name) => filesOf(name, directory, release)))],
  };
}

function kernelDirectory(): string {
  try {
    return newestKernel();
  } catch (error) {
    // The lists of packages may be missing, or older than what the archive has.
    if (process.getuid?.() !== 0 || process.env.MINICONTAINER_NO_SETUP === '1') throw error;
    ask('apt-get', ['update']);
    return newestKernel();
  }
}

function newestKernel(): string {
  const directory = join(cacheDirectory(), 'kernels', newestPackage());
  if (!existsSync(directory)) download(directory);
  return directory;
}

/** Name and version in one, so that a newer kernel of the archive is another directory of the cache. */
function newestPackage(): string {
  const name = /Depends: (linux-image-\S+)/.exec(ask('apt-cache', ['depends', metapackage]))?.[1];
  if (name === undefined) throw new Error(`apt knows no ${metapackage}: run apt-get update`);
  const version = /^Version: (\S+)$/m.exec(ask('apt-cache', ['show', '--no-all-versions', name]));
  return `${name}_${version?.[1]}`;
}

function download(directory: string): void {
  const [name = ''] = (directory.split('/').at(-1) ?? '').split('_');
  mkdirSync(join(directory, '..'), {recursive: true});
  // Beside its place, so that what is there under its name is complete.
  const scratch = mkdtempSync(`${directory}.`);
  try {
    ask('apt-get', ['download', name], scratch);
    const [file = ''] = readdirSync(scratch);
    const unpacked = join(scratch, 'unpacked');
    ask('dpkg-deb', ['-x', join(scratch, file), unpacked]);
    const [release = ''] = readdirSync(join(unpacked, 'lib/modules'));
    ask('depmod', ['-b', unpacked, release]);
    // Another run may have been faster.
    if (!existsSync(directory)) renameSync(unpacked, directory);
  } finally {
    rmSync(scratch, {recursive: true, force: true});
  }
}

/** A module's file behind those that it needs. */
function filesOf(module: string, directory: string, release: string): string[] {
  const needed = ask('modprobe', ['-d', directory, '-S', release, '--show-depends', module]);
  return [...needed.matchAll(/^insmod (\S+)/gm)].map(([, file = '']) => file);
}

/** What a command prints; administrators' commands are not in every user's PATH. */
function ask(command: string, words: readonly string[], cwd = '/'): string {
  return execFileSync(command, words, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C'},
  });
}
