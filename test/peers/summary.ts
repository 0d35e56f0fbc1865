import {capabilityNames} from '@minicontainer/spec';
import {type Allowance, stable} from './allowance.ts';
import {callLabels, withoutArguments} from './calls.ts';
import {type Observation, pathsOf, statusOf, toldOf} from './observation.ts';

/** A line of the first table: what one runtime comes to, in a few words. */
export interface Row {
  readonly title: string;
  readonly cell: (observation: Observation, allowance: Allowance) => string;
}

/** What a person wants to see first. */
export const summary: readonly Row[] = [
  {title: 'version', cell: ({version}) => version},
  {title: 'who root inside is on the host', cell: rootOutside},
  {title: 'supplementary groups', cell: (_, allowance) => listed(allowance, 'ids: group ')},
  {title: 'capabilities, effective', cell: (one) => capabilityCount(one, 'CapEff')},
  {title: 'bounding', cell: (one) => capabilityCount(one, 'CapBnd')},
  {
    title: 'inheritable, ambient',
    cell: (one) => `${capabilityCount(one, 'CapInh')}, ${capabilityCount(one, 'CapAmb')}`,
  },
  {
    title: 'set-id programs give privileges',
    cell: (_, allowance) => yes(allowance.has('privileges: gained by set-id')),
  },
  ...callLabels.map((label) => ({
    title: `system calls, ${label}`,
    cell: (one: Observation, allowance: Allowance) =>
      one.filters.length === 0 ? 'all' : String(callCount(allowance, label)),
  })),
  {title: 'opens below /proc, /sys to read', cell: (one) => fileCount(one, 'r', 'rw')},
  {title: 'opens there to write', cell: (one) => fileCount(one, 'w', 'rw')},
  {
    title: 'covered there',
    cell: (one) => String(stable(pathsOf(one, 'covered')).size),
  },
  {
    title: 'cgroups',
    cell: (_, allowance) =>
      [
        allowance.has("cgroup: others' are read") ? "reads others'" : 'sees only its own',
        ...(allowance.has('cgroup: written') ? ['writes its own'] : []),
      ].join(', '),
  },
  {title: 'processes in its cgroup', cell: ({cgroup}) => cgroup['pids.max'] ?? 'no cgroup'},
  {
    title: 'devices opened in /dev',
    cell: (_, allowance) => count(allowance, /^device: \/.* opened$/),
  },
  {title: 'makes device files', cell: (_, allowance) => yes(count(allowance, / is made$/) !== '0')},
  {
    title: "devices opened of its root file system's",
    cell: (_, allowance) => count(allowance, / opened when planted$/),
  },
  {title: "namespaces of the host's", cell: (_, allowance) => listed(allowance, 'namespace: ')},
  {
    title: 'session keyring',
    cell: (_, allowance) => (count(allowance, /^keyring:/) === '0' ? 'its own' : "the caller's"),
  },
  {
    title: 'descriptors above 2',
    cell: (_, allowance) => yes(count(allowance, /^descriptor:/) !== '0'),
  },
  {title: 'environment', cell: (_, allowance) => environment(allowance)},
  {title: 'interfaces', cell: (one) => words(one, 'interface').join(', ')},
  {title: "security module's label", cell: (one) => words(one, 'label').join(' ')},
  {title: 'hard limit, processes', cell: (_, allowance) => limit(allowance, 'processes')},
  {title: 'hard limit, open files', cell: (_, allowance) => limit(allowance, 'open files')},
];

function rootOutside(observation: Observation): string {
  const [line = ''] = toldOf(observation, 'uid_map')[0] ?? [];
  const [, outside = '', size = ''] = line.trim().split(/\s+/);
  if (outside === '0') return size === '1' ? 'root, and nobody else' : 'root';
  return Number(outside) >= 100_000 ? 'nobody' : 'its caller';
}

function capabilityCount(observation: Observation, set: string): string {
  const bits = BigInt(`0x${statusOf(observation, set)[0] ?? '0'}`);
  return String(capabilityNames.filter((_, number) => (bits >> BigInt(number)) & 1n).length);
}

function callCount(allowance: Allowance, label: string): number {
  const start = `system call: ${label} `;
  const calls = [...allowance.keys()].filter((thing) => thing.startsWith(start));
  return new Set(calls.map(withoutArguments)).size;
}

function fileCount(observation: Observation, ...classes: readonly string[]): string {
  return String(stable(pathsOf(observation, ...classes)).size);
}

function environment(allowance: Allowance): string {
  const names = [...allowance.keys()].filter((thing) => thing.startsWith('environment: '));
  if (names.includes(`environment: MINICONTAINER_CALLERS_OWN`)) return "the caller's";
  return names
    .map((name) => name.replace('environment: ', ''))
    .sort()
    .join(' ');
}

function limit(allowance: Allowance, name: string): string {
  const amount = allowance.get(`limit: ${name}`) ?? Number.POSITIVE_INFINITY;
  return amount === Number.POSITIVE_INFINITY ? 'none' : String(amount);
}

function listed(allowance: Allowance, start: string): string {
  const found = [...allowance.keys()].filter((thing) => thing.startsWith(start));
  return found.map((thing) => thing.slice(start.length)).join(', ') || 'none';
}

function count(allowance: Allowance, pattern: RegExp): string {
  return String([...allowance.keys()].filter((thing) => pattern.test(thing)).length);
}

function words(observation: Observation, kind: string): string[] {
  return toldOf(observation, kind).map((line) => line.join(' '));
}

function yes(holds: boolean): string {
  return holds ? 'yes' : 'no';
}
