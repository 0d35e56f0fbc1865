import {statfsSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import type {TarHeader} from '@minicontainer/tar';
import {quote} from './names.ts';

/** Below it is not worth a system call: the kernel says so when the disk is full. */
const largeBytes = 64 * 1024 * 1024;

/** The room on the disk for a layer: what says itself that it does not fit is not begun. */
export class Room {
  readonly #target: string;
  #since = 0;

  /** @param target a directory on that disk */
  constructor(target: string) {
    this.#target = target;
  }

  /** @throws {MinicontainerError} `ESTORE` */
  require({path, size}: TarHeader): void {
    this.#since += size;
    if (this.#since < largeBytes) return;
    const {bavail, bsize} = statfsSync(this.#target);
    const freeBytes = bavail * bsize;
    if (size > freeBytes) {
      throw new MinicontainerError(
        'ESTORE',
        `the layer's entry ${quote(path)} has ${size} bytes, and the disk has room for ${freeBytes}`,
        {
          hint: 'free some space (minicontainer prune), or set MINICONTAINER_ROOT to another disk; or the image is hostile',
        },
      );
    }
    this.#since = 0;
  }
}
