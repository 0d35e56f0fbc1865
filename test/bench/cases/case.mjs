import {confinedCase} from './confined.mjs';
import {imageMemory, imagePull} from './image-pull.mjs';
import {imageRun} from './image-run.mjs';
import {imageUnpack} from './image-unpack.mjs';
import {memory} from './memory.mjs';
import {ociCreate} from './oci-create.mjs';
import {ociVerbs} from './oci-verbs.mjs';
import {peers} from './peers.mjs';
import {podmanRuntime} from './podman-runtime.mjs';
import {relay} from './relay.mjs';
import {sameConfig} from './same-config.mjs';
import {start} from './start.mjs';

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {readonly import('../../arena/arena.mjs').Peer[]} peers
 * @property {(arena: import('../measure/arena.mjs').MeasuringArena) =>
 *   Promise<import('../report/section.mjs').Section[]>} run
 */

/** All of them, in the order in which they run.
 * @type {readonly Case[]} */
export const cases = [
  sameConfig,
  confinedCase,
  start,
  ociVerbs,
  ociCreate,
  podmanRuntime,
  memory,
  imageUnpack,
  imagePull,
  imageMemory,
  imageRun,
  relay,
  peers,
];
