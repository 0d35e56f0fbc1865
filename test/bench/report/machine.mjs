import {cpus, loadavg, release, totalmem} from 'node:os';

/**
 * What the figures depend on and the tools' versions do not say.
 *
 * @returns {{cpu: string, cpus: number, memoryBytes: number, kernel: string, node: string,
 *   load: number}}
 */
export function describeMachine() {
  const found = cpus();
  return {
    cpu: found[0]?.model ?? 'unknown',
    cpus: found.length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.versions.node,
    load: loadavg()[0] ?? 0,
  };
}
