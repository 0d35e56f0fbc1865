export {type ImportOptions, importArchive} from './archive/import/import.ts';
export {type ImageSource, type LoadOptions, loadImages} from './archive/read/load.ts';
export type {SavedImage, SaveForm} from './archive/write/files.ts';
export {saveArchive, saveDirectory, saveDirTransport} from './archive/write/save.ts';
export {decompress} from './compression/decompress.ts';
export {expectedSize} from './compression/expected-size.ts';
export {type LayerStreamOptions, layerStream} from './compression/layer-stream.ts';
export {compressionOf, foreignCompressionOf, magicBytes} from './compression/magic.ts';
export {chainId, chainIds} from './digest/chain-id.ts';
export {
  algorithmOf,
  type Digest,
  type DigestAlgorithm,
  hexOf,
  isDigest,
  parseDigest,
  shortDigest,
} from './digest/digest.ts';
export {type Digester, digester, digesterLike, digestOf} from './digest/digester.ts';
export {
  type HistoryEntry,
  type ImageConfig,
  type ImageSettings,
  longestConfig,
  readConfig,
} from './manifest/config.ts';
export type {Descriptor} from './manifest/descriptor.ts';
export {
  type ImageDocument,
  type ImageIndex,
  type ImageManifest,
  longestManifest,
  readDocument,
  readIndex,
  readManifest,
} from './manifest/manifest.ts';
export {
  acceptedManifests,
  isIndexType,
  isManifestType,
  type LayerCompression,
  layerCompression,
  MEDIA_TYPE,
} from './manifest/media-types.ts';
export {
  formatPlatform,
  hostPlatform,
  type Platform,
  parsePlatform,
  platformDistance,
} from './manifest/platform.ts';
export {type ReadBlob, type ResolvedImage, resolveImage} from './manifest/resolve.ts';
export {selectPlatform} from './manifest/select.ts';
export type {ProgressEvent, ProgressListener} from './progress.ts';
export {
  familiarName,
  familiarRepository,
  fullName,
  type ImageReference,
  parseReference,
} from './reference/reference.ts';
export {Arrival, BlobRestarted} from './store/arrival.ts';
export type {FetchedBody, FetchFrom, TellGrowth} from './store/download.ts';
export {tryFindImage} from './store/find.ts';
export type {IngestOptions} from './store/ingest.ts';
export type {Lease, Protected} from './store/leases.ts';
export type {ContainerImage} from './store/marks.ts';
export {type ImageStore, type NamedImage, openStore} from './store/store.ts';
export type {StoredImage} from './store/stored-image.ts';
export type {SweepOptions, Swept, Trees} from './store/sweep.ts';
export {measureTree, sumUsage, type Usage} from './store/usage.ts';
