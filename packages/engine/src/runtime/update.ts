import {spawnSync} from 'node:child_process';
import {renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {
  type ContainerCgroup,
  callManager,
  propertyList,
  resourceWrites,
  scopeProperties,
  updateResources,
} from '@minicontainer/cgroups';
import {MinicontainerError} from '@minicontainer/errors';
import type {SystemdUnit} from '@minicontainer/plan';
import type {Resources, Spec} from '@minicontainer/spec';
import {readCgroupRecord} from './cgroup-record.ts';
import {type Container, notRunning, readContainerSpec} from './container.ts';

/**
 * Changes the limits of a container that is there; what is not named stays as it is. What it has now is
 * written down for the next time.
 *
 * @throws {MinicontainerError} `ENOTRUNNING`; `ERESOURCE` for what cannot be had
 */
export function updateContainer(container: Container, change: Resources): void {
  const {id, pid, status} = container;
  if (pid === 0) throw notRunning(id, `is ${status}`);
  const spec = readContainerSpec(container);
  const stored = spec.linux?.resources ?? {};
  const {devices, ...limits} = change;
  if (devices?.length && !isSame(devices, stored.devices)) throw devicesStay();
  const {location, unit} = readCgroupRecord(container);
  const merged = merge(stored, limits);
  const asked = withMemory(limits, merged);
  if (location === undefined) {
    if (resourceWrites(asked, 2).length === 0) return;
    throw new MinicontainerError('ERESOURCE', `"${id}" has no cgroup that could be limited`, {
      hint: 'create it where it can have one: as root, or with systemd under a login of its own',
    });
  }
  if (unit !== undefined) tellSystemd(unit, asked, location);
  updateResources(location, asked);
  store(container, {...spec, linux: {...spec.linux, resources: merged}});
}

function merge(stored: Resources, change: Resources): Resources {
  const group = <Group extends object>(before?: Group, after?: Group) => ({...before, ...after});
  return {
    ...stored,
    ...change,
    ...(change.memory && {memory: group(stored.memory, change.memory)}),
    ...(change.cpu && {cpu: group(stored.cpu, change.cpu)}),
    ...(change.blockIO && {blockIO: group(stored.blockIO, change.blockIO)}),
    ...(change.unified && {unified: group(stored.unified, change.unified)}),
  };
}

/** On v2 what is written for swap is what of it is no memory: both are needed. */
function withMemory(change: Resources, {memory: whole}: Resources): Resources {
  const {memory} = change;
  if (!memory?.limit && !memory?.swap) return change;
  const {limit, swap} = whole ?? {};
  return {
    ...change,
    memory: {...memory, ...(limit !== undefined && {limit}), ...(swap !== undefined && {swap})},
  };
}

/** Else it would take back what it does not know. */
function tellSystemd(unit: SystemdUnit, asked: Resources, {version}: ContainerCgroup): void {
  const properties = scopeProperties(resourceWrites(asked, version));
  if (properties.length === 0) return;
  const words = ['SetUnitProperties', 'sba(sv)', unit.name, 'true', ...propertyList(properties)];
  const [program = '', ...argv] = callManager(unit, words);
  const {status, stderr, error} = spawnSync(program, argv, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return;
  const said = error?.message ?? stderr.trim();
  throw new MinicontainerError('ERESOURCE', `systemd does not change ${unit.name}: ${said}`);
}

/** Engines send all that they know of a container, the devices too. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function devicesStay(): MinicontainerError {
  return new MinicontainerError(
    'ERESOURCE',
    'linux.resources.devices cannot be changed while the container is there',
    {hint: 'leave them out, or make it again with the devices that it needs'},
  );
}

function store({directory}: Container, spec: Spec): void {
  const file = join(directory, 'config.json');
  writeFileSync(`${file}.new`, JSON.stringify(spec), {mode: 0o600});
  renameSync(`${file}.new`, file);
}
