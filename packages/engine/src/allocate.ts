import {chownSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {type Operation, operation} from '@minicontainer/plan';
import type {ContainerDirectory} from './container-directory.ts';
import {rangeBase, takeRange} from './id-ranges.ts';
import {sharesHostIds, shiftedNamespace, userNamespaceOf} from './identity.ts';
import type {RunOptions} from './options.ts';
import type {Allocation} from './prepare.ts';

/** Gives a new container its ids and its room on disk, and says how both are given back. */
export function allocate(
  options: RunOptions,
  state: string,
  container: ContainerDirectory,
): Allocation {
  const {id, path} = container;
  const [uid, gid] = callerIds();
  const diskDirectory = join(path, 'rw');
  mkdirSync(diskDirectory, {mode: 0o700});
  if (sharesHostIds(options, uid)) {
    return {id, directory: path, diskDirectory, ending: [removeDirectory(path)]};
  }
  if (uid !== 0) {
    return {
      id,
      directory: path,
      diskDirectory,
      userNamespace: userNamespaceOf(uid, gid),
      ending: [removeAsContainerRoot(diskDirectory), removeDirectory(path)],
    };
  }
  const range = takeRange(state, container, readSubordinate());
  giveAway(diskDirectory, range.base);
  return {
    id,
    directory: path,
    diskDirectory,
    userNamespace: shiftedNamespace(range.base),
    ending: [
      operation('ending', 'removeFile', {path: range.file}, 'its id range is free again'),
      removeDirectory(path),
    ],
  };
}

function giveAway(path: string, id: number): void {
  try {
    chownSync(path, id, id);
  } catch (cause) {
    // Root of a user namespace has only the ids that were mapped into it (user_namespaces(7)).
    throw new MinicontainerError('EIDMAP', `this root has no ids to give to a container: ${id}`, {
      cause,
      hint: 'it is root of a user namespace with too few: start it as a user of the host',
    });
  }
}

/** As `allocate`, of nothing: for a plan that is only shown. */
export function imagineAllocation(options: RunOptions, state: string): Allocation {
  const id = '0'.repeat(64);
  const path = join(state, 'containers', id);
  const [uid, gid] = callerIds();
  const base = {
    id,
    directory: path,
    diskDirectory: join(path, 'rw'),
    ending: [removeDirectory(path)],
  };
  if (sharesHostIds(options, uid)) return base;
  if (uid === 0) {
    const file = join(state, 'ranges', '0');
    const release = operation('ending', 'removeFile', {path: file}, 'its id range is free again');
    return {
      ...base,
      userNamespace: shiftedNamespace(rangeBase(0)),
      ending: [release, ...base.ending],
    };
  }
  return {
    ...base,
    userNamespace: userNamespaceOf(uid, gid),
    ending: [removeAsContainerRoot(base.diskDirectory), ...base.ending],
  };
}

export function callerIds(): readonly [uid: number, gid: number] {
  return [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
}

function removeDirectory(path: string): Operation {
  return operation('ending', 'removeTree', {path}, 'a foreground container leaves nothing behind');
}

function removeAsContainerRoot(path: string): Operation {
  return operation(
    'vacate',
    'removeTree',
    {path},
    'what the container wrote belongs to ids that only its own root may remove',
  );
}

function readSubordinate(): string {
  return ['/etc/subuid', '/etc/subgid']
    .map((file) => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}
