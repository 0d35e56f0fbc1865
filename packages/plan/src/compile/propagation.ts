import type {RootfsPropagation, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {propagationFlag, recursiveFlag} from './mount-options.ts';

type Kind = 'private' | 'shared' | 'slave' | 'unbindable';

/**
 * What the host mounts later is seen below its mounts that are bound into the container, unless the spec
 * wants nothing of it; what the container mounts never goes out.
 */
export function outerPropagation(spec: Spec): bigint {
  const {kind} = parse(spec.linux?.rootfsPropagation ?? 'rslave');
  const closed = kind === 'private' || kind === 'unbindable';
  return (closed ? propagationFlag.private : propagationFlag.slave) | recursiveFlag;
}

/** How mounts travel between the container's root and namespaces that are made inside later. */
export function compileRootPropagation(spec: Spec): Operation[] {
  const asked = spec.linux?.rootfsPropagation;
  if (asked === undefined) return [];
  const {kind, recursive} = parse(asked);
  return [
    operation(
      'enter',
      'mountAttributes',
      {mount: 'root', set: 0n, clear: 0n, propagation: propagationFlag[kind], recursive},
      'asked for; after the pivot, which no shared root allows',
    ),
  ];
}

function parse(name: RootfsPropagation): {kind: Kind; recursive: boolean} {
  switch (name) {
    case 'rprivate':
      return {kind: 'private', recursive: true};
    case 'rshared':
      return {kind: 'shared', recursive: true};
    case 'rslave':
      return {kind: 'slave', recursive: true};
    case 'runbindable':
      return {kind: 'unbindable', recursive: true};
    default:
      return {kind: name, recursive: false};
  }
}
