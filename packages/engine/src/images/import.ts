import {
  fullName,
  importArchive,
  openStore,
  parsePlatform,
  parseReference,
  type StoredImage,
} from '@minicontainer/image';
import {callerState} from '../state.ts';

export interface ImportImageOptions {
  /** Without one the image has an id alone. */
  readonly name?: string | undefined;
  /** Instructions of a Dockerfile, such as `CMD ["sh"]`. */
  readonly changes?: readonly string[] | undefined;
  readonly message?: string | undefined;
  /** As `--platform` has it; this machine's unless said. */
  readonly platform?: string | undefined;
  /** Of the store; the caller's unless said. */
  readonly root?: string | undefined;
}

/**
 * Makes an image of one layer of a root file system's archive: plain, or compressed by gzip or zstd. With
 * `SOURCE_DATE_EPOCH` in the environment the same archive makes the same image.
 *
 * @param sourceName names it in errors and in the image's history
 * @throws {MinicontainerError} `EREFERENCE`, `EPLATFORM`, `ESPEC` for a change; `ETAR`, `ECOMPRESSION`, `ESTORE`
 */
export async function importImage(
  source: AsyncIterable<Buffer>,
  sourceName: string,
  {name, changes, message, platform, root = callerState()}: ImportImageOptions = {},
): Promise<StoredImage> {
  const epoch = Number(process.env.SOURCE_DATE_EPOCH || Number.NaN);
  return await importArchive(openStore(root), source, sourceName, {
    ...{changes, message},
    name: name === undefined ? undefined : fullName(parseReference(name)),
    platform: platform === undefined ? undefined : parsePlatform(platform),
    created: Number.isFinite(epoch) ? new Date(epoch * 1000).toISOString() : undefined,
  });
}
