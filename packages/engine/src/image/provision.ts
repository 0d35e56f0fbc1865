import {MinicontainerError} from '@minicontainer/errors';
import type {RunOptions} from '../options.ts';
import {parseArchiveSource} from './archive-source.ts';

/** How an image gets here that is not. */
export interface ImageProvision {
  /** Sees to it that it is here and unpacked. @returns its id */
  readonly provide: () => Promise<string | undefined>;
  /** Not only where it is missing. */
  readonly always: boolean;
}

/**
 * Options whose root is an image, as options whose root is its layers; others stay as they are.
 *
 * @throws {MinicontainerError} `EIMAGE` for one that is not here, and what `provide` throws
 */
export async function withLayers(
  options: RunOptions,
  state: string,
  {provide, always}: ImageProvision = {provide: async () => undefined, always: false},
): Promise<RunOptions> {
  const {source} = options;
  if (source.kind !== 'image') return options;
  const {readyImage} = await import('./ready.ts');
  const isArchive = parseArchiveSource(source.name) !== undefined;
  const there = always || isArchive ? undefined : readyImage(options, source, state);
  if (there !== undefined) return there;
  const id = await provide();
  // What is named by its archive is found by what came of it.
  const name = isArchive && id !== undefined ? id : source.name;
  const provided = readyImage(options, {...source, name}, state);
  if (provided !== undefined) return provided;
  throw new MinicontainerError('EIMAGE', `the image ${source.name} is not here`, {
    hint: `minicontainer pull ${source.name} fetches it`,
  });
}
