import {confinedCase} from './confined.mjs';
import {memory} from './memory.mjs';
import {peers} from './peers.mjs';
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
export const cases = [sameConfig, confinedCase, start, memory, relay, peers];
