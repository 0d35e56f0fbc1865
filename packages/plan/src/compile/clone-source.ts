import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {type HostFacts, isHostRoot} from './host.ts';
import {propagationFlag} from './mount-options.ts';
import {hasNamespace} from './namespace-types.ts';

/** Root of a user namespace may not reach all that the host's root may: then the supervisor clones. */
export function cloningStage(spec: Spec, host: HostFacts): 'prepare' | 'build' {
  return isHostRoot(host) && hasNamespace(spec, 'user') ? 'prepare' : 'build';
}

/**
 * Clones a mount. A clone of the build stage is made where every mount has become the host's slave; one
 * of the supervisor's is its peer, and what is mounted below it would appear on the host.
 *
 * @param shared it is asked to; then the supervisor must clone
 */
export function cloneSource(
  path: string,
  recursive: boolean,
  to: string,
  stage: 'prepare' | 'build',
  why: string,
  shared = false,
): Operation[] {
  const place = {root: undefined, path, recursive, device: 0n, to};
  const clone = operation(stage, 'openTree', place, why);
  if (stage === 'build' || shared) return [clone];
  const propagation = propagationFlag.slave;
  return [
    clone,
    operation(
      stage,
      'mountAttributes',
      {mount: to, set: 0n, clear: 0n, propagation, recursive},
      'whatever is mounted below it must not appear on the host',
    ),
  ];
}
