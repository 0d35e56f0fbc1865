export type {Builder, OwnFiles, RootContribution} from './contribution.ts';
export {directoryRoot, overlayRoot} from './directory.ts';
export {type HostEntry, hostView} from './host-view.ts';
export {type Layers, layersBeneath, layersRoot} from './layers.ts';
export {hostSecrets} from './secrets.ts';
export {SnapshotIndex} from './snapshots/snapshot-index.ts';
export {type NewSnapshot, Snapshots, type UnpackedSnapshot} from './snapshots/snapshots.ts';
export type {Omissions} from './unpack/judge.ts';
export {type UnpackOptions, unpackLayer} from './unpack/unpack.ts';
