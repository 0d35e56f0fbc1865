import {execFile} from 'node:child_process';
import {chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {inject} from 'vitest';
import type {Person} from '../../e2e/harness/people.ts';
import {roomOf} from '../../e2e/harness/room.ts';
import {describeTree, parseTree, type Tree} from './trees.ts';

const execute = promisify(execFile);
/** What rootless podman keeps running ends with its pid namespace. */
const namespaces = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];

const unpacked = new Map<string, Promise<Tree>>();

/** What umoci unpacks of a layout: as root, with the ids that the image says. Once for all who ask in a file. */
export function unpackedByUmoci(layout: string, tag: string): Promise<Tree> {
  const name = `${layout}:${tag}`;
  const known = unpacked.get(name) ?? unpackByUmoci(name);
  unpacked.set(name, known);
  return known;
}

async function unpackByUmoci(image: string): Promise<Tree> {
  const directory = mkdtempSync(join(tmpdir(), 'minicontainer-umoci-'));
  try {
    await execute('umoci', ['unpack', '--image', image, join(directory, 'bundle')]);
    return await describeTree(join(directory, 'bundle/rootfs'));
  } finally {
    rmSync(directory, {recursive: true});
  }
}

/** What GNU tar unpacks of the last layer of an image. */
export async function unpackedByTar(layout: string, tag: string, person: Person): Promise<Tree> {
  const read = (file: string) => JSON.parse(readFileSync(join(layout, file), 'utf8'));
  const blob = (digest: string) => join('blobs', digest.replace(':', '/'));
  const {manifests} = read('index.json');
  const named = 'org.opencontainers.image.ref.name';
  const top = manifests.find(({annotations}: {annotations: Record<string, string>}) => {
    return annotations[named] === tag;
  });
  const {layers} = read(blob(top.digest));
  const directory = join(roomOf(person).work, `tar-${tag}`);
  mkdirSync(directory);
  await execute('tar', ['-xzpf', join(layout, blob(layers.at(-1).digest)), '-C', directory]);
  return describeTree(directory);
}

/**
 * Runs a script of podman's or buildah's in a mount namespace of its own, on storage that is a person's
 * and ends with the test: `$podman` and `$buildah` are the commands with their flags.
 */
export async function withPodman(
  script: string,
  words: readonly string[],
  person: Person,
): Promise<string> {
  const directory = storageOf(person);
  const places = `--root ${directory}/root --runroot /run/own/storage --storage-driver overlay`;
  const commands = [
    'set -eu',
    'mount -t tmpfs -o mode=1777 tmpfs /run',
    // Runtimes and engines give their standard streams away.
    'mknod -m 666 /run/null c 1 3',
    'mount --bind /run/null /dev/null',
    `mkdir -m 700 /run/own; chown ${person.uid}:${person.gid} /run/own`,
    `podman="podman ${places} --cgroup-manager cgroupfs"`,
    `buildah="buildah ${places}"`,
    'export podman buildah',
    'exec "$@"',
  ].join('\n');
  const become =
    person.uid === 0
      ? []
      : [
          ...['setpriv', '--reuid', String(person.uid), '--regid', String(person.gid)],
          ...['--clear-groups', '--inh-caps=-all', '--'],
        ];
  const {stdout} = await execute(
    'unshare',
    [
      ...namespaces,
      '--',
      'sh',
      '-c',
      commands,
      'sh',
      ...become,
      'sh',
      '-euc',
      script,
      'sh',
      ...words,
    ],
    {
      maxBuffer: 1 << 28,
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: join(directory, 'home'),
        XDG_RUNTIME_DIR: '/run/own',
        TMPDIR: join(directory, 'tmp'),
      },
      cwd: directory,
    },
  );
  return stdout;
}

/** What podman unpacks of what a registry has, seen with the container's ids. */
export async function unpackedByPodman(image: string, person: Person): Promise<Tree> {
  const look = '"$2" "$($podman image mount "$1")"; $podman image umount "$1" >/dev/null';
  const script =
    person.uid === 0
      ? `$podman pull -q --tls-verify=false "$1" >/dev/null; ${look}`
      : `$podman pull -q --tls-verify=false "$1" >/dev/null; $podman unshare sh -euc '${look}' sh "$@"`;
  return parseTree(await withPodman(script, [image, inject('images').describeTree], person));
}

function storageOf(person: Person): string {
  const directory = join(roomOf(person).work, 'podman');
  if (mkdirSync(directory, {recursive: true}) === undefined) return directory;
  for (const place of ['', 'root', 'home', 'tmp']) {
    const path = join(directory, place);
    mkdirSync(path, {recursive: true});
    chmodSync(path, 0o700);
    chownSync(path, person.uid, person.gid);
  }
  return directory;
}
