import {copyFileSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {pathOf} from '../machine/programs.ts';

/** What the small system for --rootfs does with busybox. */
const applets = [
  ...['sh', 'cat', 'chown', 'dd', 'echo', 'grep', 'head', 'id', 'ln', 'ls', 'mkdir', 'mknod'],
  ...['mv', 'ps', 'rm', 'sleep', 'stat', 'touch', 'true', 'tty', 'wc'],
];

/** What containers change and remove in the copy-on-write view that they have of it. */
const material = {
  'material/tree/file': 'in a tree\n',
  'material/tree/deeper/file': 'deeper in a tree\n',
  'material/named/file': 'in a named directory\n',
  'material/file': 'a file\n',
  'material/kept': 'kept\n',
};

/** Puts `material` into a directory. */
export function makeMaterial(directory: string): void {
  writeFiles(directory, material);
}

/** Makes a root file system for --rootfs: busybox, an /etc, and `material`. */
export function makeSmallSystem(directory: string): void {
  writeFiles(directory, {
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    'etc/group': 'root:x:0:\n',
  });
  makeMaterial(directory);
  mkdirSync(join(directory, 'bin'));
  copyFileSync(pathOf('busybox'), join(directory, 'bin/busybox'));
  for (const applet of applets) symlinkSync('busybox', join(directory, 'bin', applet));
}

/** Writes texts under paths below a directory. */
export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), {recursive: true});
    writeFileSync(join(directory, path), text);
  }
}
