export type {ProgressEvent} from '@minicontainer/image';
export {familiarName, parseReference} from '@minicontainer/image';
export {type ArchiveSource, parseArchiveSource} from '../image/archive-source.ts';
export {layerIds as layerIdsOf} from '../image/ids-key.ts';
export {type RegistryAccess, registryOptions} from './access.ts';
export {
  type DiskUsage,
  diskUsage,
  type ImageUsage,
  type UsageLine,
} from './disk-usage.ts';
export {type HistoryStep, historyOf} from './history.ts';
export {type ImportImageOptions, importImage} from './import.ts';
export {type ImageInspection, inspectImage} from './inspect.ts';
export {type ImageListing, listImages} from './list.ts';
export {type LoadedImage, type LoadImageOptions, loadImage} from './load.ts';
export {
  type Login,
  type LoginOptions,
  loggedInUser,
  logIn,
  logOut,
  logOutEverywhere,
} from './login.ts';
export {type ProvideOptions, type PullPolicy, provideImage} from './provide.ts';
export {provideArchive} from './provide-archive.ts';
export {type PruneImagesOptions, pruneImages} from './prune.ts';
export {pullImage} from './pull.ts';
export type {PulledImage, PullOptions} from './pulled-image.ts';
export {namesInRepository, type PushedImage, type PushOptions, pushImage} from './push.ts';
export {remoteTags} from './remote-tags.ts';
export {type RemovedImages, type RemoveImagesOptions, removeImages} from './remove.ts';
export {type SaveFormat, type SaveImageOptions, saveFormats, saveImage} from './save.ts';
export {tagImage} from './tag.ts';
export {treeOwner} from './tree-owner.ts';
export {type ImageLayers, type UnpackImageOptions, unpackImage} from './unpack-image.ts';
export {type UnpackStoredOptions, unpackStored} from './unpack-stored.ts';
