import {type Digest, parseDigest} from '../digest/digest.ts';
import type {Fields} from './fields.ts';
import type {Platform} from './platform.ts';

/** Names content by what it is, how long it is, and its digest. @see OCI image spec, descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Other places to have it from. Kept for who pushes it again, never fetched. */
  readonly urls?: readonly string[];
  /** The content itself, in base64. Not believed: content is always read by its digest. */
  readonly data?: string;
  readonly artifactType?: string;
}

export function readDescriptor(fields: Fields): Descriptor {
  const platform = fields.optionalObject('platform');
  return Object.freeze({
    mediaType: fields.string('mediaType'),
    digest: parseDigest(fields.string('digest'), fields.nameOf('digest')),
    size: fields.size('size'),
    ...(platform === undefined ? {} : {platform: readPlatform(platform)}),
    ...fields.optional('annotations', (name) => fields.stringMap(name)),
    ...fields.optional('urls', (name) => fields.strings(name)),
    ...fields.optional('data', (name) => fields.string(name)),
    ...fields.optional('artifactType', (name) => fields.string(name)),
  });
}

/** An empty word is as good as none, as Docker writes `"variant": ""`. */
export function readPlatform(fields: Fields): Platform {
  const variant = fields.optionalString('variant');
  const version = fields.optionalString('os.version');
  return Object.freeze({
    os: fields.string('os'),
    architecture: fields.string('architecture'),
    ...(variant ? {variant} : {}),
    ...(version ? {'os.version': version} : {}),
    ...fields.optional('os.features', (name) => fields.strings(name)),
  });
}
