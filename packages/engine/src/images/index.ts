export {layerIds as layerIdsOf} from '../image/ids-key.ts';
export type {ProgressEvent} from './progress.ts';
export {type ProvideOptions, type PullPolicy, provideImage, unpackStored} from './provide.ts';
export {type PulledImage, type PullOptions, pullImage} from './pull.ts';
export {treeOwner} from './tree-owner.ts';
export {type ImageLayers, type UnpackImageOptions, unpackImage} from './unpack-image.ts';
