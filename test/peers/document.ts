import {release} from 'node:os';
import {type Allowance, allowances} from './allowance.ts';
import {callLabels} from './calls.ts';
import {differences, gatherPaths} from './differences.ts';
import {exceptions} from './exceptions.ts';
import {type Observation, pathsOf, toldOf} from './observation.ts';
import type {Seen} from './observations.ts';
import {summary} from './summary.ts';

/** The comparison for a person to read: Markdown. */
export function formatComparison({observations, missing}: Seen): string {
  const contained = observations.filter(({role}) => role !== 'host' && role !== 'loose');
  const columns = contained.filter(({user}) => user === 'root');
  const others = contained.filter(({user}) => user !== 'root');
  const kernel = /^\d+\.\d+/.exec(release())?.[0] ?? release();
  const allowed = allowances(observations);
  const all = new Map([...allowed].filter(([name]) => columns.some((one) => one.name === name)));
  return `${[
    '# What a process sees inside',
    '',
    'Made by `npm run compare`, not by hand: the same static program as the command of a container in ' +
      `each runtime, on one root file system, on Linux ${kernel} with cgroup ` +
      `${columns.some(({cgroup}) => 'devices.list' in cgroup) ? 'v1' : 'v2'} and Debian 12's packages. ` +
      'All ran as root but for the columns that say otherwise, with their defaults and no network; ' +
      'runc and crun with the configuration that their `spec` writes. System calls are the decisions ' +
      'of the filter that the kernel has loaded, read from outside and evaluated for every number. A ' +
      'file that opens to write may still take nothing: most that only root opens so do not.',
    '',
    'A test ([test/peers](../test/peers)) holds that minicontainer, in each of its columns, ' +
      'allows nothing that docker and podman both deny, but for the [last table](#allowed-on-purpose).',
    '',
    ...summarize(columns, allowed),
    '',
    ...missing.flatMap(({name, missing: why}) => [`Not here: ${name}: ${why}`, '']),
    '## Can it?',
    '',
    'Tried, each in a process of its own. What failed says how.',
    '',
    ...table(headOf(columns), attempts(columns)),
    '',
    '## The same as user 1000 inside',
    '',
    ...summarize(others, allowed),
    '',
    ...table(headOf(others), attempts(others)),
    '',
    '## Where they differ',
    '',
    ...section('Effective capabilities', 'capability: CapEff CAP_', all),
    ...covered(columns),
    ...section('Opens below /proc and /sys to write', 'write: ', all, (paths) =>
      gatherPaths(paths),
    ),
    ...section('Opens below /proc and /sys to read', 'read: ', all, (paths) => gatherPaths(paths)),
    ...callLabels.flatMap((label) => calls(label, columns, all)),
    ...section('Devices', 'device: ', all),
    ...section('Mounts', 'mount: ', all),
    '## Allowed on purpose',
    '',
    ...table(
      ['minicontainer allows', 'because'],
      exceptions.map(({things, reason, onlyOn}) => [
        gatherCalls(things).join(', '),
        onlyOn === undefined ? reason : `${reason} Shows only on ${onlyOn}.`,
      ]),
    ),
  ].join('\n')}\n`;
}

function summarize(columns: readonly Observation[], all: ReadonlyMap<string, Allowance>): string[] {
  const rows = summary.map(({title, cell}) => [
    title,
    ...columns.map((one) => cell(one, all.get(one.name) ?? new Map())),
  ]);
  return table(headOf(columns), rows);
}

/** Names of runtimes, without what all of a table have in common. */
function headOf(columns: readonly Observation[]): string[] {
  return ['', ...columns.map(({name}) => name.replace(/, -u .*$/, ''))];
}

function attempts(columns: readonly Observation[]): string[][] {
  const results = columns.map((one) => new Map(pairs(toldOf(one, 'attempt'))));
  return [...(results[0]?.keys() ?? [])].map((name) => [
    name,
    ...results.map((result) => result.get(name)?.replace('possible', '**yes**') ?? '?'),
  ]);
}

function covered(columns: readonly Observation[]): string[] {
  const lists = new Map(
    columns.map((one): [string, Allowance] => [
      one.name,
      new Map(pathsOf(one, 'covered').map((path) => [`covered: ${path}`, 1])),
    ]),
  );
  return section('Covered below /proc and /sys', 'covered: ', lists);
}

/** Of runtimes with a filter only: without one every call is allowed. */
function calls(
  label: string,
  columns: readonly Observation[],
  all: ReadonlyMap<string, Allowance>,
): string[] {
  const filtered = columns.filter(({filters}) => filters.length > 0).map(({name}) => name);
  const theirs = new Map([...all].filter(([name]) => filtered.includes(name)));
  return section(`System calls, ${label}`, `system call: ${label} `, theirs);
}

function section(
  title: string,
  subject: string,
  all: ReadonlyMap<string, Allowance>,
  gather: (things: readonly string[]) => readonly string[] = (things) => things,
): string[] {
  const found = differences(subject, all);
  if (found.length === 0) return [];
  const rows = found.map(({allowedBy, things}) => [
    namesOf(allowedBy, all),
    gather(things)
      .map((thing) => `\`${thing}\``)
      .join(' '),
  ]);
  return [`### ${title}`, '', ...table(['only', ''], rows), ''];
}

/** All of minicontainer's columns as one, where none of them is left out. */
function namesOf(names: readonly string[], all: ReadonlyMap<string, Allowance>): string {
  const isOurs = (name: string) => name.startsWith('minicontainer');
  const ours = [...all.keys()].filter(isOurs);
  if (!ours.every((name) => names.includes(name))) return names.join(', ');
  return ['minicontainer in all', ...names.filter((name) => !isOurs(name))].join(', ');
}

/** One name for a call of several architectures. */
function gatherCalls(things: readonly string[]): string[] {
  return [
    ...new Set(things.map((thing) => thing.replace(/^system call: \S+ /, 'system call: '))),
  ].map((thing, index, list) =>
    index > 0 && list[index - 1]?.startsWith('system call: ')
      ? thing.replace('system call: ', '')
      : thing,
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function pairs(lists: readonly (readonly string[])[]): [string, string][] {
  return lists.map(([name = '', result = '']) => [name, result]);
}
