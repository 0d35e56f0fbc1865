/**
 * A pattern for the names of images, as Docker has it: `*` and `?` stand for anything but a slash, `[a-z]` for
 * one of these.
 *
 * @see https://pkg.go.dev/path, Match
 */
export function namePattern(pattern: string): RegExp {
  const source = pattern.replace(
    /\\(.)|\*|\?|\[(\^?)((?:\\.|[^\]\\])+)\]|[.+^${}()|[\]\\/]/gs,
    (all, literal: string | undefined, not: string | undefined, members: string | undefined) => {
      if (literal !== undefined) return literal.replace(/[^\w]/, '\\$&');
      if (members !== undefined) return `[${not}${members.replaceAll('[', '\\[')}]`;
      if (all === '*') return '[^/]*';
      return all === '?' ? '[^/]' : `\\${all}`;
    },
  );
  return new RegExp(`^${source}$`, 's');
}
