import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {pathOf} from './programs.ts';

/**
 * Makes the first file system, in memory: it loads modules and goes on to the disk, because a container
 * cannot leave a root file system that lies in it (pivot_root(2), EINVAL).
 *
 * @param modules files, in the order in which they are loaded
 */
export function makeInitramfs(file: string, modules: readonly string[], scratch: string): void {
  const tree = join(scratch, 'initramfs');
  for (const name of ['bin', 'modules', 'dev', 'disk']) {
    mkdirSync(join(tree, name), {recursive: true});
  }
  copyFileSync(pathOf('busybox'), join(tree, 'bin/busybox'));
  copyFileSync(join(import.meta.dirname, 'initramfs-init'), join(tree, 'init'));
  for (const module of modules) copyFileSync(module, join(tree, 'modules', basename(module)));
  writeFileSync(
    join(tree, 'modules/order'),
    modules.map((module) => `${basename(module)}\n`).join(''),
  );
  execFileSync('sh', ['-c', 'find . | cpio --quiet -o -H newc -R 0:0 >"$0"', file], {cwd: tree});
}
