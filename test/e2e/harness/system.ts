import {spawnSync} from 'node:child_process';
import {chmodSync, cpSync, lchownSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Person} from './people.ts';
import {roomOf} from './room.ts';
import {describeTrees} from './trees.ts';

const commands = [
  'sh',
  'ls',
  'cat',
  'echo',
  'id',
  'stat',
  'mkdir',
  'rm',
  'mv',
  'chmod',
  'touch',
  'mount',
  'env',
  'true',
  'hostname',
  'readlink',
  'pwd',
  'find',
  'dd',
  'df',
  'grep',
  'cut',
  'sleep',
  'wc',
];

/** A small root file system in a person's working directory, and theirs: one static program with many names. */
export function makeSystem(person: Person, name = 'system'): string {
  const root = join(roomOf(person).work, name);
  for (const directory of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp']) {
    mkdirSync(join(root, directory), {recursive: true});
  }
  cpSync('/bin/busybox', join(root, 'bin/busybox'));
  chmodSync(join(root, 'bin/busybox'), 0o755);
  for (const command of commands) symlinkSync('busybox', join(root, 'bin', command));
  chmodSync(join(root, 'tmp'), 0o1777);
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nweb:x:33:\n');
  writeFileSync(join(root, 'etc/hostname'), 'of the image\n');
  writeFileSync(join(root, 'etc/hosts'), 'of the image\n');
  give(root, person);
  return root;
}

/** Makes a tree belong to a person. */
export function give(path: string, {uid, gid}: Person): void {
  const {status, stderr} = spawnSync('chown', ['-hR', `${uid}:${gid}`, path], {encoding: 'utf8'});
  if (status !== 0) throw new Error(stderr);
}

/** Replaces something in a system by a symbolic link. */
export function plant(root: string, path: string, target: string, {uid, gid}: Person): void {
  const link = join(root, path);
  spawnSync('rm', ['-rf', link]);
  mkdirSync(dirname(link), {recursive: true});
  symlinkSync(target, link);
  lchownSync(link, uid, gid);
}

/** What is in a system, for comparing it with later. */
export function describeSystem(root: string): Record<string, string> {
  return describeTrees([root]);
}
