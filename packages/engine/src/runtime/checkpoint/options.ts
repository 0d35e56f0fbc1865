import {resolve} from 'node:path';

/** What criu is told as the caller has it, by both commands. */
export interface CriuOptions {
  readonly imagePath: string;
  /** Where criu works and logs; unless said, where the images are. */
  readonly workPath?: string;
  readonly criu?: string;
  /** Flags of criu's own, such as `--tcp-established`. */
  readonly flags: readonly string[];
}

export function imageWords({imagePath, workPath, flags}: CriuOptions, log: string): string[] {
  return [
    ...['--images-dir', resolve(imagePath), '--work-dir', resolve(workPath ?? imagePath)],
    ...['--log-file', log, '-v4', ...flags],
  ];
}
