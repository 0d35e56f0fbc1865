import {join} from 'node:path';
import {Arena} from '../../arena/arena.mjs';

/** The arena with the spawner that measures, and how often and how densely it does. */
export class MeasuringArena extends Arena {
  /**
   * @param {{scratch: string, cgroup: string, rounds: number, idleMs: number}} options
   */
  constructor({rounds, idleMs, ...options}) {
    super(options);
    this.rounds = rounds;
    this.idleMs = idleMs;
    this.pair = join(options.scratch, 'pair');
  }
}
