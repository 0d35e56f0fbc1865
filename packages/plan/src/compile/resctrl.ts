import {MinicontainerError} from '@minicontainer/errors';
import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';

const place = '/sys/fs/resctrl';
const why = 'the spec gives it a class of cache and memory bandwidth';

export interface ResctrlOperations {
  readonly operations: readonly Operation[];
  /** Removes what was made for this container. */
  readonly ending: readonly Operation[];
}

/**
 * A class of the resctrl file system, made where it is missing, and entered by the container.
 *
 * @throws {MinicontainerError} `ERESCTRL` where the host has it not mounted
 * @see https://docs.kernel.org/filesystems/resctrl.html
 */
export function compileResctrl(spec: Spec, host: HostFacts, id: string): ResctrlOperations {
  const asked = spec.linux?.intelRdt;
  if (asked === undefined || Object.keys(asked).length === 0) return {operations: [], ending: []};
  if (host.resctrlClasses === undefined) {
    throw new MinicontainerError(
      'ERESCTRL',
      `/linux/intelRdt needs ${place}, which is not mounted`,
      {
        hint: 'where the processor has it: mount -t resctrl resctrl /sys/fs/resctrl',
      },
    );
  }
  const name = asked.closID === '/' ? '' : (asked.closID ?? id);
  const isNew = name !== '' && !host.resctrlClasses.includes(name);
  const lines = [asked.l3CacheSchema, asked.memBwSchema, ...(asked.schemata ?? [])].filter(
    (line) => line !== undefined && line !== '',
  );
  if (asked.closID !== undefined && name !== '' && isNew && lines.length === 0) {
    throw new MinicontainerError('ERESCTRL', `there is no class ${name} in ${place}`, {
      hint: 'name one that is there, or say in schemata what a new one is to be',
    });
  }
  const monitor = `${name === '' ? '' : `${name}/`}mon_groups/${id}`;
  return {
    operations: [
      make(name, 'class'),
      ...(lines.length === 0
        ? []
        : [
            operation(
              'prepare',
              'writeCgroup',
              {cgroup: 'class', file: 'schemata', data: `${lines.join('\n')}\n`},
              why,
            ),
          ]),
      ...enter('class'),
      ...(asked.enableMonitoring ? [make(monitor, 'monitor'), ...enter('monitor')] : []),
    ],
    ending: [
      ...(asked.enableMonitoring ? [remove(monitor)] : []),
      ...(isNew ? [remove(name)] : []),
    ],
  };
}

function make(path: string, to: string): Operation {
  return operation('prepare', 'makeCgroup', {hierarchy: place, path, controllers: '', to}, why);
}

/** By itself: the kernel lets a process move itself, whoever opened the list. */
function enter(slot: string): Operation[] {
  const members = `${slot} tasks`;
  return [
    operation('prepare', 'openMembers', {cgroup: slot, file: 'tasks', to: members}, why),
    operation('build', 'enterCgroup', {members}, why),
  ];
}

function remove(path: string): Operation {
  return operation(
    'ending',
    'removeCgroup',
    {path: `${place}/${path}`},
    'it was made for it alone',
  );
}
