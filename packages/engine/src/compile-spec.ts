import {posix} from 'node:path';
import {compilePlan, type Plan} from '@minicontainer/plan';
import type {Spec} from '@minicontainer/spec';
import {limit} from './cgroup/limit.ts';
import {readHostFacts} from './host-facts.ts';

export interface CompileSpecOptions {
  readonly id: string;
  /** The directory of the `config.json`, an absolute path. */
  readonly bundle: string;
  /** `disabled`: no cgroup of its own; then it can have no limits. */
  readonly cgroups?: 'enabled' | 'disabled';
}

/**
 * The plan of a container that a spec describes, whole and with nothing added, on this host. Its cgroup is
 * where `linux.cgroupsPath` says, else below the top by the container's id.
 *
 * @throws {MinicontainerError} for what the spec asks for and no operation gives, or not on this host
 */
export function compileSpec(spec: Spec, {id, bundle, cgroups}: CompileSpecOptions): Plan {
  const host = readHostFacts(spec);
  const path = posix.resolve('/', spec.linux?.cgroupsPath ?? id);
  const parent = posix.dirname(path);
  const {spec: limited, cgroup} = limit(
    spec,
    host,
    {
      name: posix.basename(path),
      disabled: cgroups === 'disabled',
      ...(parent === '/' ? {} : {parent}),
    },
    {},
  );
  return compilePlan(limited, host, {id, bundle, ...(cgroup === undefined ? {} : {cgroup})});
}
