import {fields} from '../header/block.ts';

/**
 * A path as ustar keeps it: at most 100 bytes behind the last slash that leaves at most 155 before it.
 *
 * @returns nothing when there is no such slash
 */
export function splitPath(path: string): {name: string; prefix: string} | undefined {
  const nameLength = fields.name[1];
  if (path.length <= nameLength) return {name: path, prefix: ''};
  const slash = path.indexOf('/', path.length - nameLength - 1);
  // A name behind it there must be: readers take an empty one for the prefix alone.
  if (slash < 1 || slash > fields.prefix[1] || slash === path.length - 1) return undefined;
  return {name: path.slice(slash + 1), prefix: path.slice(0, slash)};
}
