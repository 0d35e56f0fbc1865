import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {inject} from 'vitest';

/** One entry of an archive that a test makes. */
export interface ArchiveFile {
  readonly path: string;
  readonly data?: string | Buffer;
  /** A symbolic link with this target. */
  readonly link?: string;
  /** A hard link to this entry, of the same archive or not. */
  readonly hardLink?: string;
  readonly mode?: number;
}

/** Python's tarfile: what the product's own writer must not be the judge of. */
const program = `
import base64, io, json, sys, tarfile
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.PAX_FORMAT) as archive:
    for file in json.load(sys.stdin):
        entry = tarfile.TarInfo(file["path"])
        data = base64.b64decode(file.get("data", ""))
        entry.size, entry.mode = len(data), file.get("mode", 0o644)
        if entry.name.endswith("/"):
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
        if "link" in file:
            entry.type, entry.linkname = tarfile.SYMTYPE, file["link"]
        if "hardLink" in file:
            entry.type, entry.linkname = tarfile.LNKTYPE, file["hardLink"]
        archive.addfile(entry, io.BytesIO(data))
`;

/** An archive of some files, in their order. */
export function tarOf(files: readonly ArchiveFile[]): Buffer {
  const input = JSON.stringify(
    files.map(({data, ...file}) => ({...file, data: Buffer.from(data ?? '').toString('base64')})),
  );
  return execFileSync('python3', ['-c', program], {input, maxBuffer: 1 << 28});
}

/** The files of a layout that holds one of the fixtures' images, and what names them. */
export interface LayoutParts {
  readonly files: readonly ArchiveFile[];
  readonly manifest: string;
  readonly config: string;
  readonly layers: readonly string[];
}

/** Takes one image of the fixtures apart, as `oci-layout`, `index.json` and its blobs. */
export function partsOf(tag: string): LayoutParts {
  const {layout} = inject('images');
  const blob = (digest: string) => readFileSync(join(layout, blobPath(digest)));
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  const entry = index.manifests.find(
    ({annotations}: {annotations: Record<string, string>}) =>
      annotations['org.opencontainers.image.ref.name'] === tag,
  );
  const manifest: string = entry.digest;
  const {config, layers} = JSON.parse(blob(manifest).toString());
  const digests: string[] = layers.map(({digest}: {digest: string}) => digest);
  const blobs = [manifest, config.digest, ...digests].map((digest) => ({
    path: blobPath(digest),
    data: blob(digest),
  }));
  return {
    files: [
      {path: 'oci-layout', data: '{"imageLayoutVersion": "1.0.0"}'},
      {path: 'index.json', data: JSON.stringify({schemaVersion: 2, manifests: [entry]})},
      ...blobs,
    ],
    manifest,
    config: config.digest,
    layers: digests,
  };
}

export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

export function sha256(data: string | Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}
