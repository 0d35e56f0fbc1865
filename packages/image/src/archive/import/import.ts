import {TarParser} from '@minicontainer/tar';
import {decompress} from '../../compression/decompress.ts';
import type {Digest} from '../../digest/digest.ts';
import {digester} from '../../digest/digester.ts';
import {type LayerCompression, MEDIA_TYPE} from '../../manifest/media-types.ts';
import {hostPlatform, type Platform} from '../../manifest/platform.ts';
import type {ImageStore} from '../../store/store.ts';
import type {StoredImage} from '../../store/stored-image.ts';
import {inSource, knowSource} from '../known-source.ts';
import {settingsFrom, type WrittenSettings} from './changes.ts';

export interface ImportOptions {
  /** As `fullName` has it; without one the image has an id alone. */
  readonly name?: string | undefined;
  /** Instructions, as `settingsFrom` takes them. */
  readonly changes?: readonly string[] | undefined;
  readonly message?: string | undefined;
  /** This machine's, unless said. */
  readonly platform?: Platform | undefined;
  /** When it was made, in ISO 8601; now, unless said. */
  readonly created?: string | undefined;
}

const layerTypes: Readonly<Record<LayerCompression, string>> = {
  none: MEDIA_TYPE.ociLayer,
  gzip: MEDIA_TYPE.ociLayerGzip,
  zstd: MEDIA_TYPE.ociLayerZstd,
};

/**
 * Makes an image of one layer of a root file system's archive, which is kept as it is: plain, or compressed.
 *
 * @param sourceName names it in errors and in the image's history: a path, or `-`
 * @throws {MinicontainerError} `ETAR` for what is no archive, `ECOMPRESSION`, `ESPEC` for a change, `ESTORE`;
 *   then the store has nothing of it
 */
export async function importArchive(
  store: ImageStore,
  source: AsyncIterable<Buffer>,
  sourceName: string,
  options: ImportOptions = {},
): Promise<StoredImage> {
  const settings = settingsFrom(options.changes ?? []);
  const added: Digest[] = [];
  const lease = await store.lease();
  try {
    const {compression, bytes} = await knowSource(source, sourceName);
    const layer = await store.keepStream(bytes, layerTypes[compression], lease);
    added.push(layer.digest);
    const diffId = await readThrough(decompress(store.openBlob(layer), compression));
    const config = configOf(diffId, settings, sourceName, options);
    const written = await store.writeBlob(json(config), MEDIA_TYPE.ociConfig, lease);
    const mediaType = MEDIA_TYPE.ociManifest;
    const manifest = await store.writeBlob(
      json({schemaVersion: 2, mediaType, config: written, layers: [layer]}),
      mediaType,
      lease,
    );
    return await store.setName(options.name, {digest: manifest.digest, manifest});
  } catch (error) {
    throw inSource(error, sourceName);
  } finally {
    await lease[Symbol.asyncDispose]();
    await store.discardUnused(added);
  }
}

/** The digest of an archive that is read to its end: an image that cannot be unpacked is never made. */
async function readThrough(archive: AsyncIterable<Buffer>): Promise<Digest> {
  const plain = digester();
  const parser = new TarParser({header() {}, data() {}, endOfEntry() {}});
  for await (const chunk of archive) {
    plain.update(chunk);
    parser.write(chunk);
  }
  parser.end();
  return plain.digest();
}

function configOf(
  diffId: Digest,
  settings: WrittenSettings,
  sourceName: string,
  {message = `Imported from ${sourceName}`, platform = hostPlatform(), ...options}: ImportOptions,
) {
  const created = options.created ?? new Date().toISOString();
  const {os, architecture, variant} = platform;
  return {
    created,
    architecture,
    os,
    ...(variant === undefined ? {} : {variant}),
    config: settings,
    rootfs: {type: 'layers', diff_ids: [diffId]},
    history: [{created, comment: message}],
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
