export type {Builder, OwnFiles, RootContribution} from './contribution.ts';
export {directoryRoot, overlayRoot} from './directory.ts';
export {type HostEntry, hostView} from './host-view.ts';
export {hostSecrets} from './secrets.ts';
