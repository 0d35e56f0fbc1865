/** How far one part of a transfer is: a layer by its short digest, or an image by its name. */
export interface ProgressEvent {
  readonly id: string;
  readonly phase:
    | 'waiting'
    | 'downloading'
    | 'uploading'
    | 'verifying'
    | 'unpacking'
    | 'done'
    | 'exists';
  readonly currentBytes: number;
  readonly totalBytes: number;
}

export type ProgressListener = (event: ProgressEvent) => void;
