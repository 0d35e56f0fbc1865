import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Digest, ImageStore} from '@minicontainer/image';
import {tryLock} from '@minicontainer/syscalls';

/** Ids of the containers that are made from each image, by its manifest's digest. */
export function imageUsers(store: ImageStore): ReadonlyMap<Digest, readonly string[]> {
  const users = new Map<Digest, string[]>();
  for (const use of store.containers()) {
    if (use.manifest === undefined || !isRunning(store.root, use.container)) continue;
    users.set(use.manifest, [...(users.get(use.manifest) ?? []), use.container]);
  }
  return users;
}

/** The lock of a container is held for its life: who can have it knows that it is gone. */
export function isRunning(root: string, container: string): boolean {
  const path = join(root, 'containers', container, 'lock');
  using lock = tryLock(path);
  return lock === undefined && existsSync(path);
}
