import {type Digest, parseDigest} from '../digest/digest.ts';
import {readPlatform} from './descriptor.ts';
import {Fields} from './fields.ts';
import {parseJson} from './json.ts';
import type {ImageManifest} from './manifest.ts';
import type {Platform} from './platform.ts';

export const longestConfig = 8 * 1024 * 1024;

/** What an image is and how it wants to be run. @see OCI image spec, config.md */
export interface ImageConfig {
  readonly platform: Platform;
  /** Digests of the uncompressed layers, lowest first. */
  readonly diffIds: readonly Digest[];
  readonly history: readonly HistoryEntry[];
  readonly settings: ImageSettings;
  /** As written there: RFC 3339, mostly. */
  readonly created?: string;
  readonly author?: string;
  readonly comment?: string;
}

/** One step of how an image was made; those that changed no file have no layer. */
export interface HistoryEntry {
  readonly created?: string;
  readonly createdBy?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly emptyLayer: boolean;
}

/** The field `config`, in its own words: what a container gets unless it is told otherwise. */
export interface ImageSettings {
  readonly User?: string;
  readonly ExposedPorts?: readonly string[];
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Volumes?: readonly string[];
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly Shell?: readonly string[];
  readonly OnBuild?: readonly string[];
}

/**
 * An image's configuration.
 *
 * @param manifest whose config it is: as many layers must be there as there
 * @param what names it in errors
 * @throws {MinicontainerError} `EMANIFEST` when it is malformed; `EDIGEST` for a diff id that is no digest
 */
export function readConfig(
  bytes: Uint8Array,
  manifest?: ImageManifest,
  what = 'config',
): ImageConfig {
  const fields = new Fields(parseJson(bytes, what, longestConfig), what);
  const rootfs = fields.object('rootfs');
  const diffIds = rootfs
    .strings('diff_ids')
    .map((text, index) => parseDigest(text, rootfs.nameOf(`diff_ids[${index}]`)));
  if (manifest !== undefined && manifest.layers.length !== diffIds.length) {
    throw fields.refuse(
      `it has ${diffIds.length} diff_ids, and its manifest ${manifest.layers.length} layers`,
    );
  }
  const settings = fields.optionalObject('config');
  return Object.freeze({
    platform: readPlatform(fields),
    diffIds: Object.freeze(diffIds),
    history: Object.freeze(fields.has('history') ? fields.objects('history').map(readHistory) : []),
    settings: settings === undefined ? Object.freeze({}) : readSettings(settings),
    ...fields.optional('created', (name) => fields.string(name)),
    ...fields.optional('author', (name) => fields.string(name)),
    ...fields.optional('comment', (name) => fields.string(name)),
  });
}

function readHistory(fields: Fields): HistoryEntry {
  const createdBy = fields.optionalString('created_by');
  return Object.freeze({
    ...fields.optional('created', (name) => fields.string(name)),
    ...(createdBy === undefined ? {} : {createdBy}),
    ...fields.optional('author', (name) => fields.string(name)),
    ...fields.optional('comment', (name) => fields.string(name)),
    emptyLayer: fields.has('empty_layer') && fields.boolean('empty_layer'),
  });
}

function readSettings(fields: Fields): ImageSettings {
  return Object.freeze({
    ...fields.optional('User', (name) => fields.string(name)),
    ...fields.optional('ExposedPorts', (name) => fields.keys(name)),
    ...fields.optional('Env', (name) => fields.strings(name)),
    ...fields.optional('Entrypoint', (name) => fields.strings(name)),
    ...fields.optional('Cmd', (name) => fields.strings(name)),
    ...fields.optional('Volumes', (name) => fields.keys(name)),
    ...fields.optional('WorkingDir', (name) => fields.string(name)),
    ...fields.optional('Labels', (name) => fields.stringMap(name)),
    ...fields.optional('StopSignal', (name) => fields.string(name)),
    ...fields.optional('Shell', (name) => fields.strings(name)),
    ...fields.optional('OnBuild', (name) => fields.strings(name)),
  });
}
