import {
  type Descriptor,
  type Digest,
  type HistoryEntry,
  openStore,
  readConfig,
} from '@minicontainer/image';
import {callerState} from '../state.ts';
import {layerMeasure} from './layer-sizes.ts';

/** One step of how an image was made: a line of `history`. */
export interface HistoryStep {
  /** Only of the last step: what others were is not known any more. */
  readonly id?: Digest;
  readonly created?: string;
  readonly createdBy: string;
  readonly comment: string;
  /** What it added; none for steps that changed no file. */
  readonly layer?: SizedLayer;
}

export interface SizedLayer extends Descriptor {
  /** Without compression. */
  readonly unpackedBytes: number;
}

/**
 * How an image was made, the last step first.
 *
 * @throws {MinicontainerError} `EIMAGE` when there is no such image; `EDIGEST`, `ESTORE` when it is damaged
 */
export async function historyOf(
  text: string,
  root: string = callerState(),
): Promise<readonly HistoryStep[]> {
  const store = openStore(root);
  const image = store.find(text);
  const config = readConfig(await store.readBlob(image.config), undefined, `config ${image.id}`);
  const sizes = layerMeasure(store)(image);
  const layers = image.layers.map((layer, index) => ({
    ...layer,
    unpackedBytes: sizes[index] ?? layer.size,
  }));
  const steps = withLayers(config.history, layers);
  return steps.reverse().map((step, index) => (index === 0 ? {id: image.id, ...step} : step));
}

/** Steps take the layers in turn; layers that no step speaks of come last, as steps without words. */
function withLayers(
  history: readonly HistoryEntry[],
  layers: readonly SizedLayer[],
): Omit<HistoryStep, 'id'>[] {
  const rest = [...layers];
  const steps = history.map((entry) => stepOf(entry, entry.emptyLayer ? undefined : rest.shift()));
  return [...steps, ...rest.map((layer) => stepOf({emptyLayer: false}, layer))];
}

function stepOf(
  {created, createdBy = '', comment = ''}: HistoryEntry,
  layer: SizedLayer | undefined,
): Omit<HistoryStep, 'id'> {
  return {
    ...(created === undefined ? {} : {created}),
    createdBy,
    comment,
    ...(layer === undefined ? {} : {layer}),
  };
}
