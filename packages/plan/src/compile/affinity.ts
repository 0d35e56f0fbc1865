import {MinicontainerError} from '@minicontainer/errors';
import type {Process} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {parseIdList, toMask} from './id-list.ts';

/** As many processors as the largest configuration of the kernel has (CONFIG_NR_CPUS). */
const mostCpus = 8192;

/**
 * Where a process that joins a container runs: before it is in the container's cgroup, and then.
 *
 * @throws {MinicontainerError} `EAFFINITY` for what is no list of processors
 * @see OCI runtime spec, config.md, "execCPUAffinity"
 */
export function compileAffinity(
  {execCPUAffinity}: Process,
  phase: 'initial' | 'final',
): Operation[] {
  const list = execCPUAffinity?.[phase];
  if (list === undefined || list.trim() === '') return [];
  const cpus = parseIdList(list, mostCpus);
  if (cpus === undefined) {
    throw new MinicontainerError('EAFFINITY', `no processors: ${list}`, {
      hint: `write a list like 0-3,7, of numbers below ${mostCpus}`,
    });
  }
  return phase === 'initial'
    ? [operation('keep', 'setAffinity', {cpus: toMask(cpus)}, 'what it is born with')]
    : [operation('build', 'setAffinity', {cpus: toMask(cpus)}, 'now that it is in its cgroup')];
}
