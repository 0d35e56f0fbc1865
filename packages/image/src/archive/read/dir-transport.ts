import {MinicontainerError} from '@minicontainer/errors';
import {hexOf} from '../../digest/digest.ts';
import {readConfig} from '../../manifest/config.ts';
import type {Descriptor} from '../../manifest/descriptor.ts';
import {readManifest} from '../../manifest/manifest.ts';
import {layerCompression} from '../../manifest/media-types.ts';
import type {Lease} from '../../store/leases.ts';
import type {ImageStore} from '../../store/store.ts';
import {assembleImage, withMediaType} from './assemble.ts';
import type {ArchiveContent} from './content.ts';
import type {FoundImage} from './oci-layout.ts';

/** What skopeo's `dir:` has beside the manifest, and no other form. */
export const dirVersionFile = 'version';
export const dirVersion = 'Directory Transport Version: 1.1\n';

/** Whether it is a directory as skopeo's `dir:` and podman's `docker-dir` have it. */
export function isDirTransport(content: ArchiveContent): boolean {
  return content.has(dirVersionFile) && content.has('manifest.json');
}

/**
 * Brings the image of such a directory into the store: a manifest, and what it names by its hexadecimal digits.
 *
 * @throws {MinicontainerError} `EMANIFEST`, `EDIGEST`
 */
export async function readDirTransport(
  content: ArchiveContent,
  store: ImageStore,
  lease: Lease,
): Promise<readonly FoundImage[]> {
  const file = await content.file('manifest.json');
  const bytes = await store.readBlob(file);
  const manifest = readManifest(bytes, undefined, `${content.name}: manifest.json`);
  const config = await take(content, manifest.config);
  const layers: Descriptor[] = [];
  for (const layer of manifest.layers) layers.push(await take(content, layer));
  // Podman calls layers compressed that it has written plain.
  const isRight = manifest.layers.every((layer) => {
    const {mediaType} = withMediaType(store, layer);
    return layerCompression(mediaType) === layerCompression(layer.mediaType);
  });
  if (!isRight) {
    const image = await assembleImage(store, lease, {name: content.name, config, layers});
    return [{image, names: []}];
  }
  const {platform} = readConfig(await store.readBlob(config), manifest, `config ${config.digest}`);
  const {mediaType} = manifest;
  const {digest, size} = file;
  return [{image: {digest, manifest: {mediaType, digest, size}, platform}, names: []}];
}

async function take(content: ArchiveContent, {digest}: Descriptor): Promise<Descriptor> {
  const found = await content.file(hexOf(digest));
  if (found.digest === digest) return found;
  throw new MinicontainerError(
    'EDIGEST',
    `${content.name} has other bytes, of ${found.digest}, under ${digest}`,
  );
}
