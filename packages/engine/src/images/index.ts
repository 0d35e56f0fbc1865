export type {ProgressEvent} from '@minicontainer/image';
export {layerIds as layerIdsOf} from '../image/ids-key.ts';
export {type RegistryAccess, registryOptions} from './access.ts';
export {
  type DiskUsage,
  diskUsage,
  type ImageUsage,
  type UsageLine,
} from './disk-usage.ts';
export {type HistoryStep, historyOf} from './history.ts';
export {type ImageInspection, inspectImage} from './inspect.ts';
export {type ImageListing, listImages} from './list.ts';
export {
  type Login,
  type LoginOptions,
  loggedInUser,
  logIn,
  logOut,
  logOutEverywhere,
} from './login.ts';
export {type ProvideOptions, type PullPolicy, provideImage, unpackStored} from './provide.ts';
export {type PruneImagesOptions, pruneImages} from './prune.ts';
export {type PulledImage, type PullOptions, pullImage} from './pull.ts';
export {type PushedImage, type PushOptions, pushImage} from './push.ts';
export {type RemovedImages, type RemoveImagesOptions, removeImages} from './remove.ts';
export {tagImage} from './tag.ts';
export {treeOwner} from './tree-owner.ts';
export {type ImageLayers, type UnpackImageOptions, unpackImage} from './unpack-image.ts';
