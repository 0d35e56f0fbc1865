import type {IdMapping, Process, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {type HostFacts, isHostRoot} from './host.ts';

/**
 * The caller's standard streams, where the process's user is another on the host: in the container nobody
 * has a right to what belongs to the host's root. A plain user's own streams are within its container's ids.
 */
export function compileGivenStreams(spec: Spec, process: Process, host: HostFacts): Operation[] {
  const uid = toHost(process.user?.uid ?? 0, spec.linux?.uidMappings ?? []);
  if (process.terminal || uid === undefined || !isHostRoot(host)) return [];
  return [operation('prepare', 'giveStreams', {uid}, 'it could not open /dev/stdout otherwise')];
}

function toHost(id: number, mappings: readonly IdMapping[]): number | undefined {
  const found = mappings.find(
    ({containerID, size}) => containerID <= id && id < containerID + size,
  );
  return found && found.hostID + (id - found.containerID);
}
