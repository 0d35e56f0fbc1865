import {MinicontainerError} from '@minicontainer/errors';
import type {IdMapping, UserNamespace} from '@minicontainer/spec';
import {rangeSize} from '../id-ranges.ts';
import type {Caller} from './caller.ts';
import {
  type AskedMappings,
  type KnownChoice,
  knownChoice,
  type UserNamespaceChoice,
} from './choice.ts';
import {checkMappings, fillUp, type IdKind, mapThrough} from './mappings.ts';
import {parseSubordinate} from './subordinate.ts';

/** What a user namespace depends on besides the choice. */
export interface Surroundings {
  readonly caller: Caller;
  /** The first id of a range that no other container has; asked for only where it is needed. */
  readonly takeRange: () => number;
  /** The text of /etc/subuid or /etc/subgid. */
  readonly readSubordinate: (file: '/etc/subuid' | '/etc/subgid') => string;
}

/** The ids of a container, and who its command runs as where the user has not said. */
export interface ChosenIds {
  readonly namespace: UserNamespace;
  readonly user?: CallerInside;
}

/** The caller, with the ids that it has in the container. */
export interface CallerInside {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user namespace that a caller has chosen; undefined for the ids of the host.
 *
 * @throws {MinicontainerError} `EUSERNS` for a choice that this caller has not, `EIDMAP` for ids that it
 *   has not or that the kernel would refuse
 */
export function chooseIds(
  choice: UserNamespaceChoice | undefined,
  surroundings: Surroundings,
): ChosenIds | undefined {
  const known = knownChoice(choice ?? 'auto');
  switch (known.kind) {
    case 'host':
      return shareHostIds(surroundings);
    case 'auto':
      return {namespace: automatic(known, surroundings)};
    case 'keep-id':
      return keepId(known, surroundings);
    case 'nomap':
      return {namespace: withoutOwnId(surroundings)};
    case 'maps':
      return {namespace: exactly(known.maps, surroundings)};
    case 'subordinate':
      return {namespace: subordinate(known, surroundings)};
    default:
      return known satisfies never;
  }
}

function shareHostIds({caller}: Surroundings): undefined {
  // Terminals belong to a group that root of a small user namespace has not: their file system is refused.
  const hasTty = caller.gids.some(
    ({containerID, size}) => containerID <= 5 && 5 < containerID + size,
  );
  if (caller.uid === 0 && hasTty) return undefined;
  throw new MinicontainerError('EUSERNS', 'only root can share the ids of the host', {
    hint: 'leave out --userns host: any other caller is root in a user namespace of its own',
  });
}

type Automatic = Extract<KnownChoice, {kind: 'auto'}>;

function automatic({size, maps = {}}: Automatic, surroundings: Surroundings): UserNamespace {
  const {caller} = surroundings;
  if (caller.rank !== 'root') {
    return eachKind(caller, (kind, available) => {
      const asked = maps[`${kind === 'user' ? 'uid' : 'gid'}Mappings`] ?? [];
      const ranges = countOf(available);
      return filled(kind, asked, ranges, size ?? total(ranges));
    });
  }
  const start = surroundings.takeRange();
  const ofKind = (kind: IdKind, asked: readonly IdMapping[] = []) =>
    filled(kind, asked, [{start, size: rangeSize}], size ?? rangeSize);
  return {
    uidMappings: ofKind('user', maps.uidMappings),
    gidMappings: ofKind('group', maps.gidMappings),
  };
}

function filled(
  kind: IdKind,
  asked: readonly IdMapping[],
  available: readonly {start: number; size: number}[],
  size: number,
): IdMapping[] {
  if (asked.length > 0) checkMappings(kind, asked);
  const most = total(available);
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw new MinicontainerError(
      'EIDMAP',
      `--userns auto:size=${size}: there are 1 to ${most} ids`,
      {
        hint: 'ask for fewer, or say which: --uidmap CONTAINER:HOST:SIZE',
      },
    );
  }
  return fillUp(asked, available, size);
}

/** The caller has the ids inside that it has outside, or those that it says; all others follow in order. */
function keepId(asked: Extract<KnownChoice, {kind: 'keep-id'}>, {caller}: Surroundings): ChosenIds {
  refuseForRoot(
    caller,
    'keep-id',
    "the host's root inside would be the host's root outside: leave it out, or for your files use -v SRC:DST:idmap",
  );
  const [uid, gid] = [asked.uid ?? caller.uid, asked.gid ?? caller.gid];
  const namespace = eachKind(caller, (kind, available) => {
    const own = [{containerID: kind === 'user' ? uid : gid, hostID: 0, size: 1}];
    checkMappings(kind, own);
    return fillUp(own, countOf(available), total(countOf(available)));
  });
  return {namespace, user: {name: caller.name ?? '', uid, gid}};
}

/** The subordinate ids alone: nothing of the caller's own belongs to anybody inside. */
function withoutOwnId({caller}: Surroundings): UserNamespace {
  refuseForRoot(caller, 'nomap', "root's own id is in no container unless asked for: leave it out");
  return eachKind(caller, (_, available) => {
    const ranges = available
      .filter(({containerID}) => containerID > 0)
      .map(({containerID, size}) => ({start: containerID, size}));
    if (ranges.length === 0) {
      throw new MinicontainerError('EUSERNS', '--userns nomap: you have no id but your own', {
        hint: 'it needs subordinate ids: apt-get install uidmap, then usermod --add-subuids 100000-165535 --add-subgids 100000-165535 NAME',
      });
    }
    return fillUp([], ranges, total(ranges));
  });
}

function refuseForRoot({rank}: Caller, mode: string, hint: string): void {
  if (rank !== 'root') return;
  throw new MinicontainerError('EUSERNS', `--userns ${mode} is for plain users`, {hint});
}

function exactly({uidMappings, gidMappings}: AskedMappings, {caller}: Surroundings): UserNamespace {
  return eachKind(caller, (kind) => {
    const [own, other] = kind === 'user' ? [uidMappings, gidMappings] : [gidMappings, uidMappings];
    return own ?? other ?? [];
  });
}

type Subordinate = Extract<KnownChoice, {kind: 'subordinate'}>;

function subordinate({users, groups}: Subordinate, surroundings: Surroundings): UserNamespace {
  const {caller, readSubordinate} = surroundings;
  const ofName = (file: '/etc/subuid' | '/etc/subgid', name: string): IdMapping[] => {
    if (caller.rank !== 'root' && name !== caller.name && name !== String(caller.uid)) {
      throw new MinicontainerError('EIDMAP', `the ids of ${name} in ${file} are not yours to map`, {
        hint: 'only root can give a container those of another',
      });
    }
    const ranges = parseSubordinate(readSubordinate(file)).filter(({owner}) => owner === name);
    if (ranges.length === 0) {
      throw new MinicontainerError('EIDMAP', `${file} gives no ids to ${name}`, {
        hint: `as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`,
      });
    }
    const available = ranges.map(({start, count}) => ({start, size: count}));
    return fillUp([], available, total(available));
  };
  return {
    uidMappings: ofName('/etc/subuid', users ?? groups ?? ''),
    gidMappings: ofName('/etc/subgid', groups ?? users ?? ''),
  };
}

/** Mappings by the caller's own count, checked, as those to ids of the host. */
function eachKind(
  caller: Caller,
  mappingsOf: (kind: IdKind, available: readonly IdMapping[]) => readonly IdMapping[],
): UserNamespace {
  const checked = (kind: IdKind, available: readonly IdMapping[]) => {
    const mappings = mappingsOf(kind, available);
    checkMappings(kind, mappings);
    return mapThrough(kind, mappings, available);
  };
  return {uidMappings: checked('user', caller.uids), gidMappings: checked('group', caller.gids)};
}

function countOf(available: readonly IdMapping[]): {start: number; size: number}[] {
  return available.map(({containerID, size}) => ({start: containerID, size}));
}

function total(ranges: readonly {size: number}[]): number {
  return ranges.reduce((sum, {size}) => sum + size, 0);
}
