import {join} from 'node:path';

/**
 * A tool that runs a container, as it is found on this machine.
 * @typedef {object} Opened
 * @property {string} version
 * @property {string} [note] what has to be known to read its figures
 * @property {readonly number[]} [standing] processes that stay for all its containers together
 * @property {(command: readonly string[], options?: RunOptions) => Promise<string[]> | string[]} argv
 *   of a program that runs the command in a container and ends with it
 * @property {(command: readonly string[]) => Promise<string>} [descriptor3] writes the file that the
 *   program finds open as descriptor 3
 * @property {() => Promise<void>} [close]
 */

/**
 * @typedef {object} RunOptions
 * @property {boolean} [stdin] the caller's stdin is for the command
 * @property {string} [user] whom the command runs as, where the tool has a flag for it
 */

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {boolean} [ours] cannot be left out for want of it
 * @property {(scratch: string) => Promise<void>} [fetch] runs outside the arena, with network
 * @property {(arena: Arena) => Promise<Opened>} open throws an error whose message says what
 *   is missing
 */

/** Where tools run side by side: the scratch folder, and the tools opened so far. */
export class Arena {
  /** @type {Map<string, Promise<Opened>>} */
  #opened = new Map();

  /**
   * @param {{scratch: string, cgroup: string}} options
   */
  constructor({scratch, cgroup}) {
    this.scratch = scratch;
    this.cgroup = cgroup;
    this.rootfs = join(scratch, 'rootfs');
    this.shiftedRootfs = join(scratch, 'rootfs-shifted');
  }

  /**
   * Opens a tool at its first use; a daemon started so runs until the arena is closed.
   *
   * @param {Peer} peer
   * @returns {Promise<Opened>}
   */
  open(peer) {
    const known = this.#opened.get(peer.name);
    if (known) return known;
    const opened = peer.open(this);
    opened.catch(() => {});
    this.#opened.set(peer.name, opened);
    return opened;
  }

  /** Ends what the tools keep running; used by `await using`. */
  async [Symbol.asyncDispose]() {
    for (const opened of this.#opened.values()) {
      const tool = await opened.catch(() => undefined);
      await tool?.close?.();
    }
  }
}
