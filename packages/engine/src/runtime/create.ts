import {resolve} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {encodePlan} from '@minicontainer/plan';
import type {Spec} from '@minicontainer/spec';
import {type PlannedSpec, planSpec} from '../compile-spec.ts';
import {filterCache} from '../filter-cache.ts';
import {readBundle} from './bundle.ts';
import {cgroupFile, recordCgroup} from './cgroup-record.ts';
import {type CgroupManagement, requestCgroup} from './cgroups-path.ts';
import {fillDirectory, makeDirectory, removeDirectory, type Write} from './directory.ts';
import {withNotifySocket} from './notify-socket.ts';
import {stateTemplate} from './state.ts';
import {requireUnused} from './unused-cgroup.ts';

/** A container as another engine wants it made. */
export interface CreateOptions {
  readonly id: string;
  /** The directory of all of the runtime's containers. */
  readonly root: string;
  readonly bundle: string;
  /** Another file than the bundle's `config.json`. */
  readonly config?: string;
  /** To be started by a command of its own; else it runs at once. */
  readonly gate: boolean;
  /** Nobody of ours waits for its end. */
  readonly detach: boolean;
  readonly consoleSocket?: string;
  readonly pidFile?: string;
  readonly preservedFds?: number;
  readonly sameKeyring?: boolean;
  readonly cgroups: CgroupManagement;
  readonly noPivot?: boolean;
  /** What it was is kept when it has ended. */
  readonly keep?: boolean;
  /** Where filters of system calls are kept as they were compiled; unless said, nowhere. */
  readonly cache?: string;
  /** Is told what the bundle asks for and the container will not have. */
  readonly warn?: (message: string) => void;
}

/**
 * Decides about a container and writes down what nsexec is to do.
 *
 * @returns the path of its plan
 * @throws {MinicontainerError} for a bundle that no container can be made of; nothing is left then
 */
export function planContainer(options: CreateOptions): string {
  const {directory: bundle, spec: written} = readBundle(options.bundle, options.config);
  const spec = withNotifySocket(written, process.env.NOTIFY_SOCKET);
  checkTerminal(spec, options);
  const directory = makeDirectory(resolve(options.root), options.id);
  fillDirectory(directory, (write) => {
    const {plan, limited, cgroup} = planSpec(spec, {
      id: options.id,
      bundle,
      placement: requestCgroup(options.id, spec.linux?.cgroupsPath, options.cgroups),
      ...(options.cache && {programs: filterCache(options.cache)}),
      runtime: {
        directory,
        gate: options.gate,
        detach: options.detach,
        preservedFds: options.preservedFds ?? 0,
        sameKeyring: options.sameKeyring ?? false,
        noPivot: options.noPivot ?? false,
        ...(options.consoleSocket !== undefined && {consoleSocket: options.consoleSocket}),
        ...(options.pidFile !== undefined && {pidFile: options.pidFile}),
      },
      ending: options.keep ? [] : [removeDirectory(directory)],
    });
    if (cgroup !== undefined) requireUnused(cgroup);
    for (const what of plan.omitted ?? []) options.warn?.(what);
    writeContainer(write, {id: options.id, bundle, spec, limited, plan, ...(cgroup && {cgroup})});
  });
  return `${directory}/plan`;
}

interface Described extends PlannedSpec {
  readonly id: string;
  readonly bundle: string;
  readonly spec: Spec;
}

/** All that other commands read of a container. */
export function writeContainer(
  write: Write,
  {id, bundle, spec, limited, cgroup, plan}: Described,
): void {
  write('config.json', JSON.stringify(limited));
  write(cgroupFile, recordCgroup(cgroup));
  write(
    'state',
    stateTemplate({
      ...{id, bundle, spec, ...(cgroup?.freezer && {freezer: cgroup.freezer})},
      cgroups: (cgroup?.ending ?? []).flatMap(({op, args}) =>
        op === 'removeCgroup' ? [args.path] : [],
      ),
    }),
  );
  write('plan', encodePlan(plan));
}

export function checkTerminal(
  {process}: Pick<Spec, 'process'>,
  {consoleSocket, detach}: {readonly consoleSocket?: string | undefined; readonly detach: boolean},
): void {
  if (process?.terminal && detach && consoleSocket === undefined) {
    throw new MinicontainerError(
      'ETERMINAL',
      'the container wants a terminal, and nobody is there to take it',
      {hint: 'name a listening unix socket with --console-socket, or leave out process.terminal'},
    );
  }
  if (!process?.terminal && consoleSocket !== undefined) {
    throw new MinicontainerError(
      'ETERMINAL',
      'a console socket is given for a container without a terminal',
      {hint: 'set process.terminal in config.json, or leave out --console-socket'},
    );
  }
}
