import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {makeSmallSystem, writeFiles} from './small-system.ts';

/** Where a guest has its images, an OCI layout: `one` has one layer, `few` have three, `many` as many as there may be. */
export const layoutPath = '/usr/share/images';
export const layerCount = 128;

interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Puts the layout into a tree. @param scratch a directory to be, for what the layers are made of */
export function makeImages(tree: string, scratch: string): void {
  const layout = join(tree, layoutPath);
  mkdirSync(join(layout, 'blobs/sha256'), {recursive: true});
  const layers = makeLayers(scratch).map((bytes) => put(layout, 'image.layer.v1.tar', bytes));
  const manifests = [
    {...makeImage(layout, layers.slice(0, 1)), annotations: tag('one')},
    {...makeImage(layout, layers.slice(0, 3)), annotations: tag('few')},
    {...makeImage(layout, layers), annotations: tag('many')},
  ];
  writeFiles(layout, {
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    'index.json': JSON.stringify({schemaVersion: 2, manifests}),
  });
}

/** A system; what a second layer changes in it and hides of it; files of another owner; small ones. */
function makeLayers(scratch: string): Buffer[] {
  const [system, changes, owned] = ['system', 'changes', 'owned'].map((name) =>
    join(scratch, name),
  ) as [string, string, string];
  makeSmallSystem(system);
  writeFiles(system, {'lower/gone': 'x', 'lower/opaque/old': 'x', 'lower/kept': 'kept\n'});
  writeFiles(changes, {
    'lower/.wh.gone': '',
    'lower/opaque/.wh..wh..opq': '',
    'lower/opaque/new': 'x',
  });
  writeFiles(owned, {'owned/file': 'owned\n'});
  const many = Array.from({length: layerCount - 3}, (_, n) => {
    const directory = join(scratch, `many-${n}`);
    writeFiles(directory, {[`many/${n}`]: `${n}\n`});
    return layerArchive(directory, '.');
  });
  // Without a word of its directory, which is as the layer below has it.
  return [
    layerArchive(system, '.'),
    layerArchive(changes, '.'),
    layerArchive(owned, 'owned', '5:7'),
    ...many,
  ];
}

/** What is in a directory, as a layer's archive that is not compressed. */
export function layerArchive(
  directory: string,
  what: string | readonly string[],
  owner = '0:0',
): Buffer {
  const [uid, gid] = owner.split(':');
  const words = [
    `--owner=:${uid}`,
    `--group=:${gid}`,
    '--mtime=@1',
    '-cC',
    directory,
    ...[what].flat(),
  ];
  return execFileSync('tar', words, {maxBuffer: 64 << 20});
}

function makeImage(layout: string, layers: readonly Blob[]): Blob {
  const config = {
    architecture: {x64: 'amd64'}[process.arch as string] ?? process.arch,
    os: 'linux',
    config: {Cmd: ['/bin/sh'], Env: ['PATH=/bin']},
    // They are not compressed.
    rootfs: {type: 'layers', diff_ids: layers.map(({digest}) => digest)},
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: put(layout, 'image.config.v1+json', Buffer.from(JSON.stringify(config))),
    layers,
  };
  return put(layout, 'image.manifest.v1+json', Buffer.from(JSON.stringify(manifest)));
}

function put(layout: string, type: string, bytes: Buffer): Blob {
  const hex = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(layout, 'blobs/sha256', hex), bytes);
  return {
    mediaType: `application/vnd.oci.${type}`,
    digest: `sha256:${hex}`,
    size: bytes.length,
  };
}

function tag(name: string): Readonly<Record<string, string>> {
  return {'org.opencontainers.image.ref.name': name};
}
