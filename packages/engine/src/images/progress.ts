/** What pull, push and load tell while they work, about one layer or one image. */
export interface ProgressEvent {
  /** The short digest of a layer, twelve digits, or the name of an image. */
  readonly id: string;
  readonly phase: 'waiting' | 'downloading' | 'verifying' | 'unpacking' | 'done' | 'exists';
  /** How far the phase is. */
  readonly currentBytes: number;
  /** 0 where nobody knows. */
  readonly totalBytes: number;
}
