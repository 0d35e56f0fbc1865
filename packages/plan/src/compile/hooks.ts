import type {Hook, Hooks, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {Stage} from '../stages.ts';
import {containerState} from './container-state.ts';
import type {HostFacts} from './host.ts';
import {compileNetDevices} from './net-devices.ts';

/** Where and as what the hooks of a kind run. */
interface Kind {
  readonly stage: Stage;
  readonly status: Parameters<typeof containerState>[3];
  readonly why: string;
}

const kinds: Readonly<Record<keyof Hooks, Kind>> = {
  prestart: {
    stage: 'hooks',
    status: 'creating',
    why: 'the spec has it run on the host, when namespaces and mounts are made',
  },
  createRuntime: {
    stage: 'hooks',
    status: 'creating',
    why: 'the spec has it run on the host, when namespaces and mounts are made',
  },
  createContainer: {
    stage: 'build',
    status: 'creating',
    why: "the spec has it run in the container's namespaces while the host's root is there",
  },
  startContainer: {
    stage: 'exec',
    status: 'created',
    why: 'the spec has it run in the container before the command, and with no more rights',
  },
  poststart: {
    stage: 'started',
    status: 'running',
    why: 'the spec has it run on the host once the command runs',
  },
  poststop: {
    stage: 'ending',
    status: 'stopped',
    why: 'the spec has it run on the host when the container is gone',
  },
};

/** poll(2) counts in an int. */
const longestTimeoutMs = 2 ** 31 - 1;

/** What a plan has of a spec's hooks and network devices, by the places that they have in its list. */
export interface HookOperations {
  /** When all mounts are made. */
  readonly built: readonly Operation[];
  /** The last before the command. */
  readonly starting: readonly Operation[];
  /** When the container's cgroup is removed. */
  readonly ended: readonly Operation[];
}

/**
 * The hooks of a spec, and the network devices that they find moved already.
 *
 * @param bundle the directory of its `config.json`
 * @see OCI runtime spec, config.md, "POSIX-platform Hooks"
 */
export function compileHooks(
  spec: Spec,
  host: HostFacts,
  {id, bundle = ''}: {readonly id: string; readonly bundle?: string},
): HookOperations {
  const run = (kind: keyof Hooks) =>
    (spec.hooks?.[kind] ?? []).map((hook) => compileHook(spec, kind, hook, {id, bundle}));
  const onHost = [...compileNetDevices(spec, host), ...run('prestart'), ...run('createRuntime')];
  return {
    built: [
      ...onHost,
      ...(onHost.length === 0
        ? []
        : [
            operation('build', 'awaitHooks', {}, 'they find it made, and its root not yet entered'),
          ]),
      ...run('createContainer'),
    ],
    starting: run('startContainer'),
    ended: [...run('poststart'), ...run('poststop')],
  };
}

/** An environment that is not given is the caller's, and in the container its process's, as runc has it. */
function compileHook(
  spec: Spec,
  kind: keyof Hooks,
  {path, args, env, timeout}: Hook,
  {id, bundle}: {readonly id: string; readonly bundle: string},
): Operation {
  const {stage, status, why} = kinds[kind];
  const variables = env ?? (kind === 'startContainer' ? (spec.process?.env ?? []) : undefined);
  const state = containerState(spec, id, bundle, status);
  return operation(
    stage,
    'runHook',
    {
      kind,
      path,
      argv: args === undefined || args.length === 0 ? [path] : args,
      inherit: variables === undefined,
      env: variables ?? [],
      directory: directoryOf(kind, spec, bundle),
      timeoutMs: Math.min((timeout ?? 0) * 1000, longestTimeoutMs),
      // The pid of one that has ended is nobody's, or somebody else's.
      state: kind === 'poststop' ? [state.join('0')] : state,
    },
    why,
  );
}

/** Empty: where whoever runs it is. */
function directoryOf(kind: keyof Hooks, spec: Spec, bundle: string): string {
  if (kind === 'createContainer') return spec.root?.path ?? '';
  return kind === 'prestart' || kind === 'createRuntime' ? bundle : '';
}
