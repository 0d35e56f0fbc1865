import {TemplateError} from './error.ts';

/** A piece of what stands between `{{` and `}}`. */
export type Token =
  | {readonly kind: 'word'; readonly at: number; readonly text: string}
  | {readonly kind: 'field'; readonly at: number; readonly text: string; readonly spaced: boolean}
  | {readonly kind: 'variable'; readonly at: number; readonly text: string}
  | {readonly kind: 'literal'; readonly at: number; readonly value: string | number}
  | {readonly kind: 'sign'; readonly at: number; readonly text: string};

export type Part =
  | {readonly kind: 'text'; readonly text: string}
  | {readonly kind: 'action'; readonly at: number; readonly tokens: readonly Token[]};

/**
 * Tells text and actions apart. `{{-` and `-}}` take the white space beside them away, and comments are left out.
 *
 * @throws {TemplateError} for an action that does not end, and for what no action may contain
 */
export function lexTemplate(text: string): Part[] {
  const parts: Part[] = [];
  let position = 0;
  let trims = false;
  for (;;) {
    const open = text.indexOf('{{', position);
    const raw = text.slice(position, open === -1 ? undefined : open);
    const trimsBehind = open !== -1 && /^\{\{-\s/.test(text.slice(open, open + 4));
    const left = trims ? raw.trimStart() : raw;
    const plain = trimsBehind ? left.trimEnd() : left;
    if (plain !== '') parts.push({kind: 'text', text: plain});
    if (open === -1) return parts;
    const inside = open + (trimsBehind ? 3 : 2);
    const comment = /^\s*\/\*.*?\*\/(\s-)?\}\}/s.exec(text.slice(inside));
    if (comment !== null) {
      position = inside + comment[0].length;
      trims = comment[1] !== undefined;
      continue;
    }
    const action = lexAction(text, open, inside);
    parts.push({kind: 'action', at: open, tokens: action.tokens});
    position = action.end;
    trims = action.trims;
  }
}

const space = /\s*/y;
const close = /\s+-\}\}|\s*\}\}/y;
const patterns = {
  field: /\.([\p{L}_][\p{L}\p{N}_]*)/uy,
  variable: /\$[\p{L}\p{N}_]*/uy,
  word: /[\p{L}_][\p{L}\p{N}_]*/uy,
  number: /[+-]?(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?)/y,
  string: /"(?:[^"\\\n]|\\.)*"/y,
  raw: /`[^`]*`/y,
  character: /'(?:[^'\\\n]|\\[^\n])[^'\n]*'/y,
  sign: /:=|[|()=,.]/y,
};

function lexAction(text: string, open: number, start: number) {
  const tokens: Token[] = [];
  let at = start;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found !== undefined) at += found.length;
    return found;
  };
  for (;;) {
    const end = take(close);
    if (end !== undefined) return {tokens, end: at, trims: end.includes('-')};
    const spaced = take(space) !== '';
    const here = at;
    if (here >= text.length) throw new TemplateError(text, open, 'the action is not closed by }}');
    const field = take(patterns.field);
    const variable = field ?? take(patterns.variable);
    const word = variable ?? take(patterns.word);
    if (field !== undefined) tokens.push({kind: 'field', at: here, text: field.slice(1), spaced});
    else if (variable !== undefined) tokens.push({kind: 'variable', at: here, text: variable});
    else if (word !== undefined) tokens.push({kind: 'word', at: here, text: word});
    else tokens.push(literalOrSign(text, here, take));
  }
}

function literalOrSign(
  text: string,
  at: number,
  take: (pattern: RegExp) => string | undefined,
): Token {
  const number = take(patterns.number);
  if (number !== undefined) return {kind: 'literal', at, value: numberOf(number)};
  const string = take(patterns.string);
  if (string !== undefined) return {kind: 'literal', at, value: unquoted(string, text, at)};
  const raw = take(patterns.raw);
  if (raw !== undefined) return {kind: 'literal', at, value: raw.slice(1, -1)};
  const character = take(patterns.character);
  if (character !== undefined) {
    return {kind: 'literal', at, value: unquoted(character, text, at).codePointAt(0) ?? 0};
  }
  const sign = take(patterns.sign);
  if (sign !== undefined) return {kind: 'sign', at, text: sign};
  const [unexpected = ''] = text.slice(at);
  const what = '"`\''.includes(unexpected) ? 'a string is not closed' : `unexpected ${unexpected}`;
  throw new TemplateError(text, at, what);
}

function numberOf(text: string): number {
  const digits = text.replaceAll('_', '').replace(/^[+-]/, '');
  return text.startsWith('-') ? -Number(digits) : Number(digits);
}

const escapes: Readonly<Record<string, string>> = {
  ...{a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v'},
  ...{'\\': '\\', '"': '"', "'": "'"},
};

/** A quoted string of Go without its quotes and escapes. */
function unquoted(quoted: string, text: string, at: number): string {
  const escaped = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs;
  return quoted.slice(1, -1).replace(escaped, (all, x, u, U, octal, letter) => {
    const hex: string | undefined = x ?? u ?? U;
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const character = escapes[letter];
    if (character === undefined) throw new TemplateError(text, at, `unknown escape ${all}`);
    return character;
  });
}
