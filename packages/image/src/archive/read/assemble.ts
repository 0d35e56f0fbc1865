import {closeSync, openSync, readSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import {compressionOf, magicBytes} from '../../compression/magic.ts';
import {readConfig} from '../../manifest/config.ts';
import type {Descriptor} from '../../manifest/descriptor.ts';
import {MEDIA_TYPE} from '../../manifest/media-types.ts';
import type {Lease} from '../../store/leases.ts';
import type {ImageStore, NamedImage} from '../../store/store.ts';

/** Files of an archive that make an image; whatever their media types say. */
export interface ImageFiles {
  /** Names the archive in errors. */
  readonly name: string;
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
}

/**
 * Makes a manifest of OCI's form for an image that has none, or none that is right.
 *
 * @throws {MinicontainerError} `EMANIFEST` for a configuration that is malformed or of other layers;
 *   `EDIGEST` for an uncompressed layer that is another than the configuration says
 */
export async function assembleImage(
  store: ImageStore,
  lease: Lease,
  files: ImageFiles,
): Promise<NamedImage> {
  const config = {...files.config, mediaType: MEDIA_TYPE.ociConfig};
  const layers = files.layers.map((layer) => withMediaType(store, layer));
  const described = readConfig(
    await store.readBlob(config),
    {mediaType: MEDIA_TYPE.ociManifest, config, layers},
    `config ${config.digest}`,
  );
  layers.forEach((layer, index) => {
    const diffId = described.diffIds[index];
    if (layer.mediaType !== MEDIA_TYPE.ociLayer || layer.digest === diffId) return;
    throw new MinicontainerError(
      'EDIGEST',
      `layer ${index + 1} of ${files.name} has other bytes, of ${layer.digest}, than ${diffId}`,
    );
  });
  const mediaType = MEDIA_TYPE.ociManifest;
  const manifest = {schemaVersion: 2, mediaType, config, layers};
  const written = await store.writeBlob(Buffer.from(JSON.stringify(manifest)), mediaType, lease);
  return {digest: written.digest, manifest: written, platform: described.platform};
}

/** A layer of the store as what it is: Docker writes them plain, others compressed; their first bytes tell. */
export function withMediaType(store: ImageStore, {digest, size}: Descriptor): Descriptor {
  const fd = openSync(store.blobPath(digest), 'r');
  const head = Buffer.alloc(magicBytes);
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  const compression = compressionOf(head);
  const mediaType = {
    none: MEDIA_TYPE.ociLayer,
    gzip: MEDIA_TYPE.ociLayerGzip,
    zstd: MEDIA_TYPE.ociLayerZstd,
  }[compression];
  return {mediaType, digest, size};
}
