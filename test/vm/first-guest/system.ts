import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {alice, root, solo} from '../checks/people.ts';
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
  ...['touch', 'true', 'script', 'newuidmap', 'newgidmap'],
];
/** What the small system for --rootfs does with busybox. */
const applets = [
  ...['sh', 'cat', 'chown', 'echo', 'grep', 'id', 'ln', 'ls', 'mkdir', 'mv', 'ps', 'rm', 'sleep'],
  ...['stat', 'touch', 'tty'],
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
  for (const name of ['dev', 'proc', 'sys', 'run', 'tmp', 'var/lib', 'opt/disk']) {
    mkdirSync(join(tree, name), {recursive: true});
  }
  copyPrograms(tree, [...programs.map(pathOf), process.execPath]);
  copyFileSync(pathOf('busybox'), join(tree, 'usr/bin/busybox'));
  symlinkSync('bash', join(tree, 'usr/bin/sh'));
  copyFileSync(join(import.meta.dirname, 'init'), join(tree, 'usr/sbin/init'));
  write(tree, {
    'etc/passwd': shells.join(''),
    'etc/group': groups.join(''),
    'etc/subuid': ranges,
    'etc/subgid': ranges,
    'etc/shadow': 'root:secret:19000:0:99999:7:::\n',
    'etc/resolv.conf': 'nameserver 192.0.2.1\n',
  });
  chmodSync(join(tree, 'etc/shadow'), 0o600);
  write(join(tree, 'usr/share'), material);
  for (const {home} of people) makeSmallSystem(join(tree, home, 'system'));
}

/** What is built in the clone, where an installation has it. */
export function installProduct(tree: string, clone: string): void {
  const place = join(tree, 'usr/lib/minicontainer');
  for (const file of ['apps/cli/dist/minicontainer.cjs', 'native/nsexec/build/nsexec']) {
    mkdirSync(dirname(join(place, file)), {recursive: true});
    copyFileSync(join(clone, file), join(place, file));
  }
  copyFileSync(join(clone, 'apps/cli/package.json'), join(place, 'apps/cli/package.json'));
  // koffi and its platform package lie side by side.
  const modules = dirname(realpathSync(join(clone, 'apps/cli/node_modules/koffi')));
  cpSync(modules, join(place, 'node_modules'), {recursive: true, dereference: true});
  symlinkSync(
    '../lib/minicontainer/apps/cli/dist/minicontainer.cjs',
    join(tree, 'usr/bin/minicontainer'),
  );
}

/** What containers change and remove in the copy-on-write view that they have of it. */
const material = {
  'material/tree/file': 'in a tree\n',
  'material/tree/deeper/file': 'deeper in a tree\n',
  'material/named/file': 'in a named directory\n',
  'material/file': 'a file\n',
  'material/kept': 'kept\n',
};

function makeSmallSystem(directory: string): void {
  write(directory, {
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    'etc/group': 'root:x:0:\n',
    ...material,
  });
  mkdirSync(join(directory, 'bin'));
  copyFileSync(pathOf('busybox'), join(directory, 'bin/busybox'));
  for (const applet of applets) symlinkSync('busybox', join(directory, 'bin', applet));
}

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), {recursive: true});
    writeFileSync(join(directory, path), text);
  }
}
