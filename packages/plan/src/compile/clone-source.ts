import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {type HostFacts, isHostRoot} from './host.ts';
import {hasNamespace} from './namespace-types.ts';

/** Root of a user namespace may not reach all that the host's root may: then the supervisor clones. */
export function cloningStage(spec: Spec, host: HostFacts): 'prepare' | 'build' {
  return isHostRoot(host) && hasNamespace(spec, 'user') ? 'prepare' : 'build';
}

export function cloneSource(
  path: string,
  recursive: boolean,
  to: string,
  stage: 'prepare' | 'build',
  why: string,
): Operation {
  return operation(stage, 'openTree', {root: undefined, path, recursive, device: 0n, to}, why);
}
