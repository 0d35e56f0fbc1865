import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {type ContainerState, readContainer} from './container.ts';

/** A container with who made it. */
export interface ListedContainer extends ContainerState {
  readonly owner: string;
}

/**
 * All containers, by their ids; one that is being made or removed at this moment may be missing.
 *
 * @param root the directory of all of the runtime's containers
 */
export function listContainers(root: string): readonly ListedContainer[] {
  return idsIn(root).flatMap((id) => {
    try {
      const {state} = readContainer(root, id);
      return [{...state, owner: ownerOf(join(root, id))}];
    } catch {
      return [];
    }
  });
}

function idsIn(root: string): readonly string[] {
  try {
    return readdirSync(root, {withFileTypes: true})
      .filter((entry) => entry.isDirectory())
      .map(({name}) => name)
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** A name where passwd(5) has one; else `#` and the number, as runc writes it. */
function ownerOf(path: string): string {
  const {uid} = statSync(path);
  try {
    const line = new RegExp(`^([^:\n]+):[^:\n]*:${uid}:`, 'm');
    return line.exec(readFileSync('/etc/passwd', 'utf8'))?.[1] ?? `#${uid}`;
  } catch {
    return `#${uid}`;
  }
}
