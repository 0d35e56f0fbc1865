import type {RunOptions} from '@minicontainer/engine';
import type {Resources} from '@minicontainer/spec';
import {blockIo} from './block-io.ts';
import {cpuLimits} from './cpu.ts';
import {integer} from './integer.ts';
import type {LimitFlagValues} from './limit-flags.ts';
import {type Machine, thisMachine} from './machine.ts';
import {memoryLimits} from './memory.ts';
import {quoted, refuse} from './refuse.ts';

type Placed = Pick<RunOptions, 'resources' | 'cgroups' | 'cgroupNamespace' | 'cgroupParent'>;

/**
 * What the flags ask of the container's cgroup.
 *
 * @throws {UsageError} naming a flag that is malformed, or more than this machine has
 */
export function resourceOptions(flags: LimitFlagValues, machine: Machine = thisMachine): Placed {
  const resources = resourcesOf(flags, machine);
  const {cgroupParent} = flags;
  const cgroups = choice('--cgroups', flags.cgroups, ['enabled', 'disabled']);
  const cgroupNamespace = choice('--cgroupns', flags.cgroupns, ['private', 'host']);
  if (cgroupParent) checkParent(cgroupParent);
  const limited = Object.keys(resources).length > 0;
  if (cgroups === 'disabled' && (limited || cgroupParent)) {
    const what = limited ? 'a limit' : '--cgroup-parent';
    throw refuse(`--cgroups disabled and ${what} contradict each other`, 'leave one of them out');
  }
  return {
    ...(limited && {resources}),
    ...(cgroups !== undefined && {cgroups}),
    ...(cgroupNamespace !== undefined && {cgroupNamespace}),
    ...(cgroupParent && {cgroupParent}),
  };
}

function resourcesOf(flags: LimitFlagValues, machine: Machine): Resources {
  const parts = {
    memory: memoryLimits(flags),
    cpu: cpuLimits(flags, machine),
    pids: pidsLimit(flags.pidsLimit),
    blockIO: blockIo(flags, machine),
    unified: unified(flags.cgroupConf),
  };
  return Object.fromEntries(
    Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0),
  );
}

/** Zero is no limit too, as Docker and Podman have it. */
function pidsLimit(text: string | undefined): {limit?: number} {
  if (text === undefined) return {};
  return {limit: integer(text, '--pids-limit', -1) || -1};
}

function unified(values: readonly string[] = []): Record<string, string> {
  const files: [string, string][] = values.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    throw refuse(
      `--cgroup-conf ${quoted(text)} is not NAME=VALUE`,
      'for example --cgroup-conf memory.high=1073741824',
    );
  });
  return Object.fromEntries(files);
}

function checkParent(path: string): void {
  if (!path.split('/').includes('..')) return;
  throw refuse(`--cgroup-parent ${quoted(path)} leads out of the hierarchy`, 'leave out the ..');
}

function choice<T extends string>(
  flag: string,
  value: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (value === undefined || value === '') return undefined;
  const known = choices.find((name) => name === value);
  if (known !== undefined) return known;
  throw refuse(`${flag} ${quoted(value)} is not known`, `there are ${choices.join(' and ')}`);
}
