import {MinicontainerError} from '@minicontainer/errors';
import type {Namespace, NamespaceType, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {cloneFlag, isNew, namespaceOf} from './namespace-types.ts';

/** Entered by the supervisor for its children; the order is of no importance, the way back is. */
const entered = ['network', 'ipc', 'uts', 'cgroup', 'time', 'pid'] as const;
const ownName: Readonly<Record<(typeof entered)[number], string>> = {
  network: 'net',
  ipc: 'ipc',
  uts: 'uts',
  cgroup: 'cgroup',
  time: 'time_for_children',
  pid: 'pid_for_children',
};

export interface JoinOperations {
  /** Before and after the keeper is cloned. */
  readonly before: readonly Operation[];
  readonly after: readonly Operation[];
  /** In the keeper, before it becomes root of the user namespace. */
  readonly keep: readonly Operation[];
}

/**
 * The namespaces that a spec names by their paths. The supervisor enters them with the caller's rights,
 * whoever they belong to, and comes back; a user namespace the keeper enters, after all others.
 *
 * @param short the keeper leaves once the container is cloned. Where it has the caller's rights too, it
 *   enters all of them: root of another engine's user namespace could not come back.
 * @throws {MinicontainerError} `ENAMESPACE` for one that cannot be joined
 */
export function compileJoins(spec: Spec, host: HostFacts, short: boolean): JoinOperations {
  const joined = (spec.linux?.namespaces ?? []).filter(({path}) => path !== undefined);
  if (joined.length > 0) refuseImpossible(spec, host, joined);
  const types = entered.filter((type) => namespaceOf(spec, type)?.path !== undefined);
  const openNamed = (type: NamespaceType) =>
    open(type, namespaceOf(spec, type)?.path ?? '', type, 'the spec names it by its path');
  const user = joined
    .filter(({type}) => type === 'user')
    .flatMap(({type}) => [
      openNamed(type),
      enter('keep', type, type, 'last: in it there are no rights over what was entered before'),
    ]);
  if (short && !isNew(spec, 'user')) {
    const entering = types.flatMap((type) => [
      openNamed(type),
      enter('keep', type, type, 'what the keeper clones lives in it; it does not stay'),
    ]);
    return {before: [], after: [], keep: [...entering, ...user]};
  }
  return {
    before: types.flatMap((type) => [
      open(
        type,
        `/proc/self/ns/${ownName[type]}`,
        `own ${type}`,
        'the way back for the supervisor',
      ),
      openNamed(type),
      enter('clone', type, type, 'what the supervisor clones next lives in it'),
    ]),
    after: types.map((type) =>
      operation(
        'clone',
        'enterNamespace',
        {space: slotOf(`own ${type}`), type: cloneFlag[type]},
        'only children were to be in it',
        // Root of an engine's user namespace cannot come back: without hooks nothing of it depends on that.
        short && spec.hooks === undefined ? {optional: ['EPERM']} : {},
      ),
    ),
    keep: user,
  };
}

function refuseImpossible(spec: Spec, host: HostFacts, joined: readonly Namespace[]): void {
  if (host.uid !== 0) {
    throw new MinicontainerError('ENAMESPACE', 'only root can join a namespace by its path', {
      hint: 'a plain user has rights over the namespaces of its own containers alone',
    });
  }
  if (joined.some(({type}) => type === 'mount')) {
    throw new MinicontainerError(
      'ENAMESPACE',
      'a mount namespace cannot be joined: every mount of the container would be made in it',
      {hint: 'bind what the container needs from it: /linux/namespaces/mount without a path'},
    );
  }
  if (joined.some(({type}) => type === 'pid') && isNew(spec, 'user')) {
    throw new MinicontainerError(
      'ENAMESPACE',
      'a pid namespace cannot be joined from a new user namespace: its /proc could not be mounted',
      {hint: 'join the user namespace that it belongs to, or share the ids of the host'},
    );
  }
}

function open(type: NamespaceType, path: string, to: string, why: string): Operation {
  return operation('prepare', 'openNamespace', {path, type: cloneFlag[type], to: slotOf(to)}, why);
}

function enter(stage: 'clone' | 'keep', type: NamespaceType, from: string, why: string): Operation {
  return operation(stage, 'enterNamespace', {space: slotOf(from), type: cloneFlag[type]}, why);
}

function slotOf(name: string): string {
  return `${name} namespace`;
}
