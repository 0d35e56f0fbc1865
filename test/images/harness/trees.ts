import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {inject} from 'vitest';

const execute = promisify(execFile);

/** A tree as `fixtures/describe-tree.c` prints it: by path, all that must be equal, field by field. */
export type Tree = Readonly<Record<string, Described>>;

/** As printed: names and values escaped, numbers as they are. */
export interface Described {
  /** Type and permissions, octal. */
  readonly mode: string;
  readonly owner: string;
  readonly size: string;
  /** Seconds and nanoseconds. */
  readonly mtime: string;
  readonly device: string;
  /** The first name, in order, of those that are the same file; '' where there is one. */
  readonly sameAs: string;
  /** A hash of a file's content, a symbolic link's target. */
  readonly content: string;
  readonly attributes: string;
}

/**
 * Describes a directory in whatever namespaces a command leads to.
 *
 * @param within words that run a command there
 * @param leftOut names from the top, as `/proc`
 */
export async function describeTree(
  directory: string,
  {within = [], leftOut = []}: {within?: readonly string[]; leftOut?: readonly string[]} = {},
): Promise<Tree> {
  const [file = '', ...words] = [...within, inject('images').describeTree, directory, ...leftOut];
  const {stdout} = await execute(file, words, {maxBuffer: 1 << 28});
  return parseTree(stdout);
}

/** What the describing program has printed. */
export function parseTree(text: string): Tree {
  const firstNames = new Map<string, string>();
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
    .sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
  return Object.fromEntries(
    lines.map(([path = '', mode = '', uid, gid, size = '', mtime = '', device = '', ...rest]) => {
      const [inode = '', links = '', content = '', attributes = ''] = rest;
      if (!firstNames.has(inode)) firstNames.set(inode, path);
      const sameAs = Number(links) > 1 ? (firstNames.get(inode) ?? '') : '';
      const owner = `${uid}:${gid}`;
      return [path, {mode, owner, size, mtime, device, sameAs, content, attributes}];
    }),
  );
}

/**
 * A tree without what a comparison does not ask for.
 *
 * @param paths left out with all below
 * @param fields by path, fields that are not looked at there
 */
export function without(
  tree: Tree,
  paths: readonly string[],
  fields: Readonly<Record<string, readonly (keyof Described)[]>> = {},
): Record<string, Partial<Described>> {
  const kept = Object.entries(tree).filter(
    ([path]) => !paths.some((left) => path === left || path.startsWith(`${left}/`)),
  );
  return Object.fromEntries(
    kept.map(([path, described]) => {
      const left: readonly string[] = fields[path] ?? [];
      return [
        path,
        Object.fromEntries(Object.entries(described).filter(([field]) => !left.includes(field))),
      ];
    }),
  );
}
