import {selectCapabilities} from '../capabilities/select.ts';
import {capabilityNames, defaultCapabilities} from '../capabilities/table.ts';
import type {Linux} from '../config/linux.ts';
import type {Namespace, NamespaceType} from '../config/namespaces.ts';
import type {Capabilities} from '../config/privileges.ts';
import type {Process} from '../config/process.ts';
import type {Spec} from '../config/spec.ts';
import {specVersions} from '../versions.ts';
import {checkRequest} from './check.ts';
import {buildControls, buildLabels} from './controls.ts';
import {buildEnvironment} from './environment.ts';
import {buildMounts} from './mounts.ts';
import type {ContainerRequest} from './request.ts';

/**
 * The specification of a container, with safe defaults for all that the request leaves open.
 *
 * Pure: the same request gives the same specification, which is frozen and valid.
 *
 * @throws {MinicontainerError} `EREQUEST` for values that no container can have, `ECAPABILITY` for
 *   unknown or contradicting capabilities, `EMOUNT` for mounts in one place
 */
export function buildSpec(request: ContainerRequest): Spec {
  checkRequest(request);
  return freeze({
    ociVersion: specVersions.written,
    process: buildProcess(request),
    root: {path: request.rootPath, readonly: request.readOnlyRoot ?? false},
    ...(request.hostname === undefined ? {} : {hostname: request.hostname}),
    ...(request.domainname === undefined ? {} : {domainname: request.domainname}),
    mounts: buildMounts(request),
    linux: buildLinux(request),
  });
}

function buildProcess(request: ContainerRequest): Process {
  const terminal = request.terminal ?? false;
  return {
    terminal,
    user: structuredClone(request.user ?? {uid: 0, gid: 0}),
    args: [...request.args],
    env: buildEnvironment(request.env ?? {}, terminal),
    cwd: request.cwd ?? '/',
    capabilities: buildCapabilities(request),
    noNewPrivileges: request.noNewPrivileges ?? false,
    ...(request.rlimits && {rlimits: structuredClone(request.rlimits)}),
    ...(request.oomScoreAdj !== undefined && {oomScoreAdj: request.oomScoreAdj}),
    ...buildLabels(request),
  };
}

function buildCapabilities({privileged, capAdd, capDrop}: ContainerRequest): Capabilities {
  const base = privileged ? capabilityNames : defaultCapabilities;
  const selected = selectCapabilities(base, capAdd, capDrop);
  // Inheritable ones would come back with any file that has them (CVE-2022-24769).
  return {
    bounding: selected,
    effective: selected,
    permitted: selected,
    inheritable: [],
    ambient: [],
  };
}

function buildLinux(request: ContainerRequest): Linux {
  const {userNamespace} = request;
  return {
    namespaces: namespacesOf(request),
    ...(userNamespace && {
      uidMappings: structuredClone(userNamespace.uidMappings),
      gidMappings: structuredClone(userNamespace.gidMappings),
    }),
    ...buildControls(request),
  };
}

function namespacesOf(request: ContainerRequest): Namespace[] {
  const {network, userNamespace, cgroupNamespace, pid, ipc, uts} = request;
  const types: NamespaceType[] = [];
  if (pid !== 'host') types.push('pid');
  types.push('mount');
  if (uts !== 'host') types.push('uts');
  if (ipc !== 'host') types.push('ipc');
  if (cgroupNamespace !== 'host') types.push('cgroup');
  if (userNamespace) types.push('user');
  const own: Namespace[] = types.map((type) => ({type}));
  if (network === 'host') return own;
  return [...own, {type: 'network', ...(typeof network === 'object' && {path: network.path})}];
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}
