import type {Process, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {compileIdMaps, mayChangeGroups, ownerOf} from './id-maps.ts';
import {compileJoins} from './join.ts';
import {compileLimits} from './limits.ts';
import {cloneFlag, cloneParent, hasNamespace, isNew} from './namespace-types.ts';
import type {Runtime} from './runtime.ts';
import {compileTimeNamespace} from './time.ts';

export {cloneFlag, hasNamespace} from './namespace-types.ts';

/** Whether groups can be changed: the kernel forbids it under a map that was written without privileges. */
export function canSetGroups(spec: Spec, host: HostFacts): boolean {
  if (!hasNamespace(spec, 'user')) return host.groupsDenied !== true;
  return mayChangeGroups(spec.linux?.gidMappings ?? [], host);
}

/** The supervisor's and the keeper's part: the stages clone, attach and keep. */
export function compileNamespaces(
  spec: Spec,
  host: HostFacts,
  cgroup: string | undefined,
  runtime: Runtime | undefined,
): Operation[] {
  const user = hasNamespace(spec, 'user');
  const owner = {
    uid: ownerOf(spec.linux?.uidMappings ?? []),
    gid: ownerOf(spec.linux?.gidMappings ?? []),
    setgroups: canSetGroups(spec, host),
  };
  const becomeRoot = (stage: 'keep' | 'build', why: string) =>
    user ? [operation(stage, 'becomeRoot', owner, why)] : [];
  const joins = compileJoins(spec, host, runtime !== undefined);
  return [
    ...joins.before,
    operation(
      'clone',
      'cloneKeeper',
      {flags: keeperFlags(spec, runtime)},
      runtime === undefined ? whyKeeper(spec) : whyShortKeeper,
    ),
    ...joins.after,
    ...(isNew(spec, 'user') ? compileIdMaps(spec, host) : []),
    ...compileLimitsAndScore(spec.process, host),
    operation('keep', 'awaitRelease', {}, 'until then the keeper has no ids and no limits'),
    ...joins.keep,
    ...compileTimeNamespace(spec),
    operation(
      'keep',
      'cloneContainer',
      {flags: containerFlags(spec) | (runtime === undefined ? 0n : cloneParent), cgroup},
      cgroup === undefined
        ? 'the kernel makes all of them in one call, owned by the user namespace'
        : 'all in one call, owned by the user namespace; still with the ids that may enter the cgroup',
    ),
    ...(runtime === undefined
      ? [
          ...becomeRoot('keep', 'it works for the container from here on, not for the caller'),
          dieWithSupervisor(spec),
        ]
      : [operation('keep', 'leaveContainer', {}, 'who watches the container is not one of us')]),
    operation(
      'build',
      'awaitRelease',
      {},
      runtime === undefined
        ? 'nothing is made before it is sure that the keeper dies with the supervisor'
        : 'nothing is made before the supervisor can end it',
    ),
    ...becomeRoot('build', 'what is made from here on belongs to the container, not to the caller'),
  ];
}

function dieWithSupervisor(spec: Spec): Operation {
  return operation(
    'keep',
    'dieWithSupervisor',
    {},
    isNew(spec, 'pid')
      ? 'a container must not outlive whoever watches it; set after the change of ids, which clears it'
      : 'the keeper hears of it, and kills all that descend from it: no pid namespace ends with it',
  );
}

function keeperFlags(spec: Spec, runtime: Runtime | undefined): bigint {
  return (runtime === undefined ? (['pid', 'user'] as const) : (['user'] as const))
    .filter((type) => isNew(spec, type))
    .reduce((flags, type) => flags | cloneFlag[type], 0n);
}

export const whyShortKeeper =
  'every other namespace is to belong to the user namespace, which it enters first; it does not stay';

function whyKeeper(spec: Spec): string {
  if (!isNew(spec, 'pid')) {
    return 'without a pid namespace of its own, since the container is to see the processes of another';
  }
  return isNew(spec, 'user')
    ? 'root of the container is nobody outside: every other namespace will belong to its user namespace'
    : 'whoever of us is killed, the kernel ends what is inside';
}

/** For a container that no pid namespace ends: nothing in it may outlive the keeper. */
export function dieWithKeeper(spec: Spec): Operation[] {
  if (isNew(spec, 'pid')) return [];
  return [
    operation(
      'exec',
      'dieWithParent',
      {},
      'the next best, where no pid namespace ends with the keeper; after the last change of ids',
    ),
  ];
}

/** The last of the stage attach: what comes after it would race with the container. */
export function compileRelease(): Operation {
  return operation(
    'attach',
    'releaseKeeper',
    {},
    'nothing inside may run before its ids are mapped and its mounts shifted',
  );
}

function containerFlags(spec: Spec): bigint {
  return (['pid', 'mount', 'uts', 'ipc', 'network'] as const)
    .filter((type) => isNew(spec, type))
    .reduce((flags, type) => flags | cloneFlag[type], 0n);
}

/** First thing in the child, in its final cgroup: a cgroup mount takes its root when it is made. */
export function compileCgroupNamespace(spec: Spec): Operation[] {
  if (!isNew(spec, 'cgroup')) return [];
  return [
    operation(
      'build',
      'unshare',
      {flags: cloneFlag.cgroup},
      'its own cgroup is the root of what it sees in /sys/fs/cgroup and /proc/PID/cgroup',
    ),
  ];
}

/** What the supervisor does to the keeper besides its ids, with rights that the keeper has no more. */
export function compileLimitsAndScore(process: Process | undefined, host: HostFacts): Operation[] {
  if (process === undefined) return [];
  const score = process.oomScoreAdj;
  return [
    ...compileLimits(process, host).raised,
    ...(score === undefined
      ? []
      : [
          operation(
            'attach',
            'writeProcess',
            {file: 'oom_score_adj', data: String(score)},
            'how likely the kernel is to kill it when memory runs out',
          ),
        ]),
  ];
}
