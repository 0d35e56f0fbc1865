import {chmodSync, copyFileSync, mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {alice, root, solo} from '../checks/people.ts';
import {makeMaterial, makeSmallSystem, writeFiles} from '../guest/small-system.ts';
import {copyPrograms, pathOf} from '../machine/programs.ts';

const programs = [
  ...[
    'bash',
    'cat',
    'chmod',
    'chown',
    'env',
    'id',
    'ln',
    'ls',
    'mkdir',
    'mv',
    'rm',
    'sleep',
    'stat',
  ],
  ...['touch', 'true', 'script', 'newuidmap', 'newgidmap', 'readlink'],
  // Checkpoints, and what criu executes for them.
  ...['criu', 'tar', 'gzip', 'ip'],
];
const people = [root, alice, solo];
const ranges = `${alice.name}:${alice.subordinate}:65536\n`;
const shells = people.map(({name, uid, home}) => `${name}:x:${uid}:${uid}::${home}:/bin/bash\n`);
const groups = people.map(({name, uid}) => `${name}:x:${uid}:\n`);

/** Puts the guest's root file system together: a host in small, with minicontainer installed. */
export function makeSystem(tree: string): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(tree, 'usr', name), {recursive: true});
    symlinkSync(`usr/${name}`, join(tree, name));
  }
  for (const name of ['dev', 'proc', 'sys', 'run', 'tmp', 'var/lib', 'var/cache', 'opt/disk']) {
    mkdirSync(join(tree, name), {recursive: true});
  }
  copyPrograms(tree, [...programs.map(pathOf), process.execPath]);
  copyFileSync(pathOf('busybox'), join(tree, 'usr/bin/busybox'));
  symlinkSync('bash', join(tree, 'usr/bin/sh'));
  copyFileSync(join(import.meta.dirname, 'init'), join(tree, 'usr/sbin/init'));
  writeFiles(tree, {
    'etc/passwd': shells.join(''),
    'etc/group': groups.join(''),
    'etc/subuid': ranges,
    'etc/subgid': ranges,
    'etc/shadow': 'root:secret:19000:0:99999:7:::\n',
    'etc/resolv.conf': 'nameserver 192.0.2.1\n',
  });
  chmodSync(join(tree, 'etc/shadow'), 0o600);
  makeMaterial(join(tree, 'usr/share'));
  for (const {home} of people) makeSmallSystem(join(tree, home, 'system'));
}
