/** One way that a server offers to authenticate: its scheme in lower case, and its parameters. */
export interface Challenge {
  readonly scheme: string;
  /** Names in lower case; the first of two with one name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads `WWW-Authenticate`: several challenges in one line or in several, quoted strings that hold
 * commas and escapes. What cannot be read ends the line it is in; nothing is ever thrown.
 *
 * @see RFC 9110, 11.6.1
 */
export function parseChallenges(header: string | readonly string[] | undefined): Challenge[] {
  const lines = typeof header === 'string' ? [header] : (header ?? []);
  return lines.flatMap((line) => parseLine(line.slice(0, longestLine)));
}

// Longer than any server's, and short enough for the expressions below.
const longestLine = 16_384;

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const quoted = '"((?:[^"\\\\]|\\\\.)*)"';
const separators = /[\s,]*/y;
const parameter = new RegExp(`(${token})[ \\t]*=[ \\t]*(?:${quoted}|(${token}))`, 'y');
// Behind a scheme: parameters, a token68, or nothing.
const scheme = new RegExp(`(${token})(?=[ \\t]*(?:,|$)|[ \\t])`, 'y');
const token68 = /[ \t]+[-A-Za-z0-9._~+/]+=*(?=[ \t]*(?:,|$))/y;

function parseLine(line: string): Challenge[] {
  const challenges: Challenge[] = [];
  let parameters: Map<string, string> | undefined;
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = position;
    const match = pattern.exec(line);
    if (match !== null) position = pattern.lastIndex;
    return match ?? undefined;
  };
  while (take(separators) !== undefined && position < line.length) {
    const found = parameters === undefined ? undefined : take(parameter);
    if (found !== undefined) {
      const name = (found[1] ?? '').toLowerCase();
      const value = found[2]?.replace(/\\(.)/g, '$1') ?? found[3] ?? '';
      if (parameters?.has(name) === false) parameters.set(name, value);
      continue;
    }
    const name = take(scheme)?.[1];
    if (name === undefined) return challenges;
    parameters = new Map();
    challenges.push({scheme: name.toLowerCase(), parameters});
    take(token68);
  }
  return challenges;
}
