import {MinicontainerError} from '@minicontainer/errors';
import type {RunOptions} from '../options.ts';

/** How an image gets here that is not. */
export interface ImageProvision {
  /** Sees to it that it is here and unpacked. */
  readonly provide: () => Promise<void>;
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
  {provide, always}: ImageProvision = {provide: async () => {}, always: false},
): Promise<RunOptions> {
  const {source} = options;
  if (source.kind !== 'image') return options;
  const {readyImage} = await import('./ready.ts');
  const ready = () => readyImage(options, source, state);
  const there = always ? undefined : ready();
  if (there !== undefined) return there;
  await provide();
  const provided = ready();
  if (provided !== undefined) return provided;
  throw new MinicontainerError('EIMAGE', `the image ${source.name} is not here`, {
    hint: `minicontainer pull ${source.name} fetches it`,
  });
}
