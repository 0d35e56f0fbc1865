import {chownSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {type Operation, operation} from '@minicontainer/plan';
import type {IdMapping, UserNamespace} from '@minicontainer/spec';
import type {ContainerDirectory} from './container-directory.ts';
import {type IdRange, rangeBase, takeRange} from './id-ranges.ts';
import {type Caller, readCaller, readText} from './ids/caller.ts';
import {type ChosenIds, chooseIds} from './ids/user-namespace.ts';
import type {RunOptions} from './options.ts';
import type {Allocation} from './prepare.ts';

/** Gives a new container its ids and its room on disk, and says how both are given back. */
export function allocate(
  options: RunOptions,
  state: string,
  container: ContainerDirectory,
): Allocation {
  const {id, path} = container;
  const caller = readCaller();
  const diskDirectory = join(path, 'rw');
  mkdirSync(diskDirectory, {mode: 0o700});
  const range: {taken?: IdRange} = {};
  const ids = chooseFor(options, caller, () => {
    const subordinate = `${readText('/etc/subuid')}\n${readText('/etc/subgid')}`;
    range.taken = takeRange(state, container, subordinate);
    return range.taken.base;
  });
  if (ids !== undefined && caller.rank === 'root') giveAway(diskDirectory, ids.namespace);
  return describe(id, path, caller, ids, range.taken?.file);
}

/** As `allocate`, of nothing: for a plan that is only shown. */
export function imagineAllocation(options: RunOptions, state: string): Allocation {
  const id = '0'.repeat(64);
  const caller = readCaller();
  const range: {file?: string} = {};
  const ids = chooseFor(options, caller, () => {
    range.file = join(state, 'ranges', '0');
    return rangeBase(0);
  });
  return describe(id, join(state, 'containers', id), caller, ids, range.file);
}

export function callerIds(): readonly [uid: number, gid: number] {
  return [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
}

function chooseFor(
  {userns, privileged}: RunOptions,
  caller: Caller,
  takeRange: () => number,
): ChosenIds | undefined {
  const choice = userns ?? (privileged && caller.rank === 'root' ? 'host' : 'auto');
  return chooseIds(choice, {caller, takeRange, readSubordinate: readText});
}

function describe(
  id: string,
  path: string,
  caller: Caller,
  ids: ChosenIds | undefined,
  rangeFile: string | undefined,
): Allocation {
  const diskDirectory = join(path, 'rw');
  const inside =
    ids !== undefined && caller.rank !== 'root' && has(ids.namespace.uidMappings, caller.uid);
  return {
    id,
    directory: path,
    diskDirectory,
    ...(ids === undefined ? {} : {userNamespace: ids.namespace}),
    ...(ids?.user === undefined ? {} : {user: ids.user}),
    ending: [
      ...(inside ? [removeAsContainerRoot(diskDirectory)] : []),
      ...(rangeFile === undefined ? [] : [releaseRange(rangeFile)]),
      removeDirectory(path),
    ],
  };
}

function has(mappings: readonly IdMapping[], id: number): boolean {
  return mappings.some(({hostID, size}) => hostID <= id && id < hostID + size);
}

/** To the first user of the container: its root, where it has one. */
function giveAway(path: string, {uidMappings, gidMappings}: UserNamespace): void {
  const [uid, gid] = [firstId(uidMappings), firstId(gidMappings)];
  try {
    chownSync(path, uid, gid);
  } catch (cause) {
    throw new MinicontainerError('EIDMAP', `${path} cannot be given to the container: ${uid}`, {
      cause,
      hint: 'set MINICONTAINER_ROOT to a directory on a local disk, such as ext4, XFS or Btrfs',
    });
  }
}

function firstId(mappings: readonly IdMapping[]): number {
  const [first] = mappings.toSorted((a, b) => a.containerID - b.containerID);
  return first?.hostID ?? 0;
}

function releaseRange(path: string): Operation {
  return operation('ending', 'removeFile', {path}, 'its id range is free again');
}

function removeDirectory(path: string): Operation {
  return operation(
    'ending',
    'removeTree',
    {path, journal: true},
    'a foreground container leaves nothing behind',
  );
}

function removeAsContainerRoot(path: string): Operation {
  return operation(
    'vacate',
    'removeTree',
    {path, journal: false},
    'what the container wrote belongs to ids that only its own root may remove',
  );
}
