import {parsePlatform, platformDistance, type StoredImage} from '@minicontainer/image';

/** Whether an image runs on a platform, as `--platform` has it; where none is wanted, any does. */
export function isFor({platform}: StoredImage, wanted: string | undefined): boolean {
  return wanted === undefined || platformDistance(platform, parsePlatform(wanted)) !== undefined;
}
