import {execFileSync} from 'node:child_process';
import {pathOf} from './programs.ts';

/** Makes an ext4 image of a tree. Its files belong to whoever made the tree: init puts that right. */
export function makeDisk(file: string, tree: string, mebibytes: number): void {
  const options = ['-q', '-F', '-t', 'ext4', '-m', '0', '-O', '^has_journal'];
  execFileSync(pathOf('mke2fs'), [...options, '-d', tree, file, `${mebibytes}M`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
