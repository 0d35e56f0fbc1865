import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {succeed} from './command.ts';

/**
 * An archive of an image of one layer, as engines import it.
 *
 * @param path is made: a directory for its parts, and the archive beside it
 * @returns the archive's path
 * @see OCI image spec, image-layout.md
 */
export async function makeImageArchive(
  path: string,
  {rootfs, name, command}: {rootfs: string; name: string; command: readonly string[]},
): Promise<string> {
  mkdirSync(join(path, 'blobs/sha256'), {recursive: true});
  await succeed(['tar', '-C', rootfs, '-cf', join(path, 'layer'), '.']);
  const layer = writeBlob(path, readFileSync(join(path, 'layer')));
  const config = writeBlob(
    path,
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: {Cmd: command, Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin']},
      rootfs: {type: 'layers', diff_ids: [layer.digest]},
    }),
  );
  const manifest = writeBlob(
    path,
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {mediaType: 'application/vnd.oci.image.config.v1+json', ...config},
      layers: [{mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer}],
    }),
  );
  const named = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    ...manifest,
    // The one that ctr goes by names the image in full.
    annotations: {'io.containerd.image.name': name},
  };
  writeFileSync(join(path, 'index.json'), JSON.stringify({schemaVersion: 2, manifests: [named]}));
  writeFileSync(join(path, 'oci-layout'), '{"imageLayoutVersion": "1.0.0"}');
  const parts = ['oci-layout', 'index.json', 'blobs'];
  await succeed(['tar', '-C', path, '-cf', `${path}.tar`, ...parts]);
  return `${path}.tar`;
}

function writeBlob(path: string, content: string | Buffer): {digest: string; size: number} {
  const hash = createHash('sha256').update(content).digest('hex');
  writeFileSync(join(path, 'blobs/sha256', hash), content);
  return {digest: `sha256:${hash}`, size: Buffer.byteLength(content)};
}
