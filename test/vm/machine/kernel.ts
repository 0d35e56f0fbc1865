import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {withPackageLists} from './archive.ts';
import {ask} from './ask.ts';
import {fromCache} from './cache.ts';

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
  const directory = withPackageLists(newestKernel);
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

function newestKernel(): string {
  const name = newestPackage();
  return fromCache(join('kernels', name), (scratch) => download(name, scratch));
}

/** Name and version in one, so that a newer kernel of the archive is another directory of the cache. */
function newestPackage(): string {
  const name = /Depends: (linux-image-\S+)/.exec(ask('apt-cache', ['depends', metapackage]))?.[1];
  if (name === undefined) throw new Error(`apt knows no ${metapackage}: run apt-get update`);
  const version = /^Version: (\S+)$/m.exec(ask('apt-cache', ['show', '--no-all-versions', name]));
  return `${name}_${version?.[1]}`;
}

function download(nameAndVersion: string, scratch: string): string {
  const [name = ''] = nameAndVersion.split('_');
  ask('apt-get', ['download', name], scratch);
  const [file = ''] = readdirSync(scratch);
  const unpacked = join(scratch, 'unpacked');
  ask('dpkg-deb', ['-x', join(scratch, file), unpacked]);
  const [release = ''] = readdirSync(join(unpacked, 'lib/modules'));
  ask('depmod', ['-b', unpacked, release]);
  return unpacked;
}

/** A module's file behind those that it needs. */
function filesOf(module: string, directory: string, release: string): string[] {
  const needed = ask('modprobe', ['-d', directory, '-S', release, '--show-depends', module]);
  return [...needed.matchAll(/^insmod (\S+)/gm)].map(([, file = '']) => file);
}
