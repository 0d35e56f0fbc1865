import {
  type CapabilityName,
  capabilityMask,
  isCapabilityName,
  type Spec,
} from '@minicontainer/spec';
import type {HostFacts} from './host.ts';
import {hasNamespace} from './namespace-types.ts';

/**
 * The capabilities that a process is to have and cannot get, as who asked is to be told: the container runs
 * all the same, as an engine may know of more than this kernel has.
 *
 * @see OCI runtime spec, config.md, "Linux Process", `capabilities`
 */
export function leftOutCapabilities(spec: Spec, host: HostFacts): string[] {
  const sets = Object.values(spec.process?.capabilities ?? {}).flat();
  const asked = [...new Set(sets)];
  const unknown = asked.filter((name) => !isCapabilityName(name));
  const withheld = hasNamespace(spec, 'user')
    ? []
    : asked.filter((name) => isCapabilityName(name) && !has(host, name));
  return [
    ...(unknown.length > 0 ? [`${unknown.join(', ')}: no capability is called so`] : []),
    ...(withheld.length > 0 ? [`${withheld.join(', ')}: the caller does not have it to give`] : []),
  ];
}

function has({capabilities}: HostFacts, name: CapabilityName): boolean {
  return (capabilityMask([name]) & capabilities) !== 0n;
}
