import {MinicontainerError} from '@minicontainer/errors';
import {type Descriptor, readDescriptor} from './descriptor.ts';
import {Fields} from './fields.ts';
import {parseJson} from './json.ts';
import {isIndexType, isManifestType, isSchema1Type, MEDIA_TYPE} from './media-types.ts';

/** Registries refuse longer ones too. */
export const longestManifest = 4 * 1024 * 1024;

/** One image of one platform. @see OCI image spec, manifest.md */
export interface ImageManifest {
  readonly mediaType: string;
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
  readonly artifactType?: string;
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Images of several platforms, or other indexes. @see OCI image spec, image-index.md */
export interface ImageIndex {
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly artifactType?: string;
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

export type ImageDocument =
  | {readonly kind: 'manifest'; readonly manifest: ImageManifest}
  | {readonly kind: 'index'; readonly index: ImageIndex};

/**
 * A manifest or an index, whichever it is.
 *
 * @param mediaType what the descriptor or the registry called it; the document's own must not contradict
 * @param what names it in errors
 * @throws {MinicontainerError} `EMANIFEST` when it is malformed, or could be taken for both;
 *   `EDIGEST` for a digest in it that is none
 */
export function readDocument(
  bytes: Uint8Array,
  mediaType?: string,
  what = 'manifest',
): ImageDocument {
  const fields = new Fields(parseJson(bytes, what, longestManifest), what);
  const type = typeOf(fields, mediaType, what);
  return isIndexType(type)
    ? {kind: 'index', index: readIndexFields(fields, type)}
    : {kind: 'manifest', manifest: readManifestFields(fields, type)};
}

/** @throws {MinicontainerError} as `readDocument`, and `EMANIFEST` for an index */
export function readManifest(bytes: Uint8Array, mediaType?: string, what?: string): ImageManifest {
  const document = readDocument(bytes, mediaType, what);
  if (document.kind === 'manifest') return document.manifest;
  throw new MinicontainerError('EMANIFEST', `${what ?? 'manifest'} is an index, not a manifest`);
}

/** @throws {MinicontainerError} as `readDocument`, and `EMANIFEST` for a manifest */
export function readIndex(bytes: Uint8Array, mediaType?: string, what = 'index'): ImageIndex {
  const document = readDocument(bytes, mediaType, what);
  if (document.kind === 'index') return document.index;
  throw new MinicontainerError('EMANIFEST', `${what} is a manifest, not an index`);
}

/**
 * One document must not be a manifest to one reader and an index to another (CVE-2021-41190): its fields
 * decide, and whatever calls it otherwise is an error.
 */
function typeOf(fields: Fields, given: string | undefined, what: string): string {
  const version = fields.has('schemaVersion') ? fields.number('schemaVersion') : 2;
  const own = fields.optionalString('mediaType');
  const schema1 = [own, given].find((type) => type !== undefined && isSchema1Type(type));
  if (version === 1 || schema1 !== undefined) {
    throw new MinicontainerError(
      'EMANIFEST',
      `${what} is of Docker's schema 1, which is not read`,
      {
        hint: 'pull it with an old Docker and push it again, or ask for an image made after 2017',
      },
    );
  }
  if (version !== 2) throw fields.refuse(`schemaVersion is ${version}, not 2`);
  const isIndex = fields.has('manifests');
  if (isIndex && (fields.has('layers') || fields.has('config'))) {
    throw fields.refuse('it has the fields of a manifest and of an index');
  }
  const fits = isIndex ? isIndexType : isManifestType;
  for (const type of [own, given]) {
    if (type === undefined || fits(type) || (type === given && isVague(type))) continue;
    throw fields.refuse(`it is ${isIndex ? 'an index' : 'a manifest'}, and called ${type}`);
  }
  if (own !== undefined && given !== undefined && !isVague(given) && own !== given) {
    throw fields.refuse(`it is called ${given} and calls itself ${own}`);
  }
  if (own !== undefined) return own;
  if (given !== undefined && fits(given)) return given;
  return isIndex ? MEDIA_TYPE.ociIndex : MEDIA_TYPE.ociManifest;
}

/** What servers say that do not know. */
function isVague(mediaType: string): boolean {
  return ['', 'application/json', 'application/octet-stream', 'text/plain'].includes(
    mediaType.replace(/;.*/s, '').trim(),
  );
}

function readManifestFields(fields: Fields, mediaType: string): ImageManifest {
  return Object.freeze({
    mediaType,
    config: readDescriptor(fields.object('config')),
    layers: Object.freeze(fields.objects('layers').map(readDescriptor)),
    ...common(fields),
  });
}

function readIndexFields(fields: Fields, mediaType: string): ImageIndex {
  return Object.freeze({
    mediaType,
    manifests: Object.freeze(fields.objects('manifests').map(readDescriptor)),
    ...common(fields),
  });
}

function common(fields: Fields) {
  return {
    ...fields.optional('artifactType', (name) => fields.string(name)),
    ...fields.optional('subject', (name) => readDescriptor(fields.object(name))),
    ...fields.optional('annotations', (name) => fields.stringMap(name)),
  };
}
