import {posix} from 'node:path';
import type {PlacementRequest} from '@minicontainer/cgroups';
import {
  type CgroupContribution,
  compilePlan,
  type Operation,
  type Plan,
  type Runtime,
} from '@minicontainer/plan';
import type {ProgramCache} from '@minicontainer/seccomp';
import type {Spec} from '@minicontainer/spec';
import {limit} from './cgroup/limit.ts';
import {readHostFacts} from './host-facts.ts';

export interface CompileSpecOptions {
  readonly id: string;
  /** The directory of the `config.json`, an absolute path. */
  readonly bundle: string;
  /** `disabled`: no cgroup of its own; then it can have no limits. */
  readonly cgroups?: 'enabled' | 'disabled';
  /** Where its cgroup is to be, instead of where the spec's own path says. */
  readonly placement?: PlacementRequest & {readonly owner?: number};
  /** Where compiled filters of system calls are kept. */
  readonly programs?: ProgramCache;
  /** It is made for another engine, which watches it. */
  readonly runtime?: Runtime;
  /** What undoes what was made for this container outside it. */
  readonly ending?: readonly Operation[];
}

/** A specification, planned. */
export interface PlannedSpec {
  readonly plan: Plan;
  /** With what its cgroup gives it. */
  readonly limited: Spec;
  readonly cgroup?: CgroupContribution;
}

/**
 * The plan of a container that a spec describes, whole and with nothing added, on this host. Its cgroup is
 * where `linux.cgroupsPath` says, else below the top by the container's id.
 *
 * @throws {MinicontainerError} for what the spec asks for and no operation gives, or not on this host
 */
export function compileSpec(spec: Spec, options: CompileSpecOptions): Plan {
  return planSpec(spec, options).plan;
}

/** `compileSpec`, with what was decided besides. */
export function planSpec(
  spec: Spec,
  {id, bundle, cgroups, placement, programs, runtime, ending}: CompileSpecOptions,
): PlannedSpec {
  const host = readHostFacts(spec);
  const {limited, cgroup} = placeSpec(
    spec,
    {
      id,
      ...(cgroups && {cgroups}),
      ...(placement && {placement}),
      ...(runtime && {runtime}),
    },
    host,
  );
  const plan = compilePlan(limited, host, {
    id,
    bundle,
    ...(cgroup && {cgroup}),
    ...(programs && {programs}),
    ...(runtime && {runtime}),
    ...(ending && {ending}),
  });
  return {plan, limited, ...(cgroup && {cgroup})};
}

/** Where the cgroup of a spec's container is, and what it is given there. */
export function placeSpec(
  spec: Spec,
  {
    id,
    cgroups,
    placement,
    runtime,
  }: Pick<CompileSpecOptions, 'id' | 'cgroups' | 'placement' | 'runtime'>,
  host = readHostFacts(spec),
): Omit<PlannedSpec, 'plan'> {
  const request = placement ?? {...placeByPath(spec, id), disabled: cgroups === 'disabled'};
  const {spec: found, cgroup} = limit(spec, host, request, {});
  const limited = runtime !== undefined && cgroup === undefined ? withoutCgroup(found) : found;
  return {limited, ...(cgroup && {cgroup})};
}

function placeByPath(spec: Spec, id: string): PlacementRequest {
  const path = posix.resolve('/', spec.linux?.cgroupsPath ?? id);
  const parent = posix.dirname(path);
  return {name: posix.basename(path), ...(parent === '/' ? {} : {parent})};
}

/**
 * An engine names a cgroup and says which devices there are whether or not there can be a cgroup: without
 * one it is as with any other runtime that may make none. What limits has been refused by then.
 */
function withoutCgroup(spec: Spec): Spec {
  const {cgroupsPath: _, resources: __, ...linux} = spec.linux ?? {};
  return {...spec, linux};
}
