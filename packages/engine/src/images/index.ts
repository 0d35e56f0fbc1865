export type {ProgressEvent} from './progress.ts';
