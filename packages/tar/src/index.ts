export {displayName} from './entry/display-name.ts';
export type {SparseRegion, TarEntryType, TarHeader} from './entry/header.ts';
export {defaultLimits, type TarLimits} from './limits.ts';
export {type TarHandler, TarParser} from './parser.ts';
export {readTar, type TarEntry} from './read.ts';
export type {NewEntry} from './write/entry.ts';
export {tarEnd, tarHeader, tarPadding} from './write/header.ts';
export {TarWriter} from './write/writer.ts';
