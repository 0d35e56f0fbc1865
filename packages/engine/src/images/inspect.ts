import {
  type Descriptor,
  type Digest,
  openStore,
  readConfig,
  type StoredImage,
} from '@minicontainer/image';
import {callerState} from '../state.ts';
import {layerMeasure, unpackedSize} from './layer-sizes.ts';
import {namesOf} from './list.ts';

/** An image as `docker image inspect` tells it, in its field names. */
export interface ImageInspection {
  readonly Id: Digest;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Created: string;
  readonly Author: string;
  readonly Comment: string;
  /** As the image has it, unknown fields too. */
  readonly Config: unknown;
  readonly Architecture: string;
  readonly Variant?: string;
  readonly Os: string;
  /** Bytes of its layers without compression. */
  readonly Size: number;
  readonly RootFS: {readonly Type: 'layers'; readonly Layers: readonly Digest[]};
  readonly Metadata: {readonly LastTagTime: string};
  readonly Descriptor: Descriptor;
}

/**
 * All that is known of an image.
 *
 * @param text a name, or the beginning of an id
 * @throws {MinicontainerError} `EIMAGE` when there is no such image; `EDIGEST`, `ESTORE` when it is damaged
 */
export async function inspectImage(
  text: string,
  root: string = callerState(),
): Promise<ImageInspection> {
  const store = openStore(root);
  const image = store.find(text);
  const bytes = await store.readBlob(image.config);
  const config = readConfig(bytes, undefined, `config ${image.id}`);
  const {platform, created = '', author = '', comment = ''} = config;
  const {variant} = image.platform;
  return {
    Id: image.id,
    ...namesAmong(store.names(), image),
    Created: created,
    Author: author,
    Comment: comment,
    Config: settingsIn(bytes),
    Architecture: platform.architecture,
    ...(variant === undefined ? {} : {Variant: variant}),
    Os: platform.os,
    Size: unpackedSize(layerMeasure(store)(image)),
    RootFS: {Type: 'layers', Layers: config.diffIds},
    Metadata: {LastTagTime: image.namedAt},
    Descriptor: image.manifest,
  };
}

function namesAmong(
  images: readonly StoredImage[],
  {id}: StoredImage,
): Pick<ImageInspection, 'RepoTags' | 'RepoDigests'> {
  const names = images.filter((other) => other.id === id).map(namesOf);
  return {
    RepoTags: names.flatMap(({repository, tag}) =>
      tag === undefined ? [] : `${repository}:${tag}`,
    ),
    RepoDigests: [...new Set(names.flatMap(({repoDigest}) => repoDigest ?? []))],
  };
}

/** What `readConfig` leaves out of it, Healthcheck for one, is shown all the same. */
function settingsIn(bytes: Buffer): unknown {
  const document: unknown = JSON.parse(bytes.toString('utf8'));
  return typeof document === 'object' && document !== null && 'config' in document
    ? document.config
    : null;
}
