import {parseArgs} from 'node:util';
import {MinicontainerError} from '@minicontainer/errors';

/** As parseArgs has it, and what help says of it: its first piece in backquotes is what the value is called. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  readonly about?: string;
}

export type Flags = Readonly<Record<string, Flag>>;
export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface Parsed {
  readonly values: Values;
  readonly words: readonly string[];
}

/** Those before the verb. */
export const globalFlags = {
  root: {
    type: 'string',
    about: '`DIR` of all containers: minicontainer-oci in /run unless said',
  },
  log: {type: 'string', about: '`FILE` that errors are written to as well'},
  'log-format': {type: 'string', about: '`FORMAT` of the lines there: text, unless said, or json'},
  debug: {type: 'boolean', about: 'Print the stack of an error of the runtime itself'},
  'systemd-cgroup': {
    type: 'boolean',
    about: 'Have systemd make cgroups: cgroupsPath is slice:prefix:name',
  },
  'cgroup-manager': {type: 'string', about: '`MANAGER` of cgroups: cgroupfs, systemd or disabled'},
  rootless: {
    type: 'string',
    about: '`WHETHER` to do without a cgroup if need be: true, false or auto',
  },
  criu: {type: 'string', about: '`FILE` of the program that checkpoints; else criu in PATH'},
  help: {type: 'boolean', short: 'h', about: 'Show this help; COMMAND --help shows a command’s'},
  version: {type: 'boolean', short: 'v', about: 'Print the version'},
} as const satisfies Flags;

/** What stands before the verb, the verb, and what stands behind it. */
export interface CommandLine {
  readonly global: Values;
  readonly verb: string | undefined;
  readonly rest: readonly string[];
}

/** @throws {MinicontainerError} `EUSAGE` for a flag that there is not */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  let at = 0;
  while (argv[at]?.startsWith('-')) at += takesNext(argv[at] ?? '', globalFlags) ? 2 : 1;
  return {
    global: parse('minicontainer-oci', argv.slice(0, at), globalFlags).values,
    verb: argv[at],
    rest: argv.slice(at + 1),
  };
}

/**
 * Flags as `--name VALUE`, `--name=VALUE` and, as Go's flag package has them, with one dash.
 *
 * @param command at the first word that is no flag, all that follows is the words' (`exec ID sh -c …`)
 */
export function parse(
  verb: string,
  argv: readonly string[],
  options: Flags,
  command = false,
): Parsed {
  const args: string[] = [];
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') {
      if (command) break;
      args.push(word);
      continue;
    }
    const flag = withTwoDashes(word, options);
    const value = takesNext(word, options) ? argv[++at] : undefined;
    // In one word: a value may begin with a dash.
    args.push(value === undefined ? flag : `${longName(flag, options)}=${value}`);
  }
  try {
    const found =
      parsePlain(args, options) ?? parseArgs({args, options, allowPositionals: true, strict: true});
    const rest = argv.slice(argv[at] === '--' ? at + 1 : at);
    return {values: found.values as Values, words: [...found.positionals, ...rest]};
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    throw new MinicontainerError('EUSAGE', `${verb}: ${said}`, {
      cause,
      hint: `minicontainer-oci ${verb} --help lists the flags`,
    });
  }
}

/** What parseArgs makes of what is right and plain: its own loading takes half a millisecond. */
function parsePlain(
  args: readonly string[],
  options: Flags,
): {values: Values; positionals: string[]} | undefined {
  const values: Record<string, string | boolean | (string | boolean)[]> = {};
  const positionals = [];
  for (const arg of args) {
    if (!arg.startsWith('-')) {
      positionals.push(arg);
      continue;
    }
    const [, name = '', value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const flag = Object.hasOwn(options, name) ? options[name] : undefined;
    if (flag === undefined || (flag.type === 'string') !== (value !== undefined)) return undefined;
    const given = value ?? true;
    const before = values[name];
    values[name] = flag.multiple ? [...(Array.isArray(before) ? before : []), given] : given;
  }
  return {values, positionals};
}

function nameOf(word: string): string {
  return word.replace(/^--?/, '').replace(/=.*$/s, '');
}

function withTwoDashes(word: string, options: Flags): string {
  const isLong = !word.startsWith('--') && Object.hasOwn(options, nameOf(word));
  return isLong ? `-${word}` : word;
}

function longName(flag: string, options: Flags): string {
  const [long] = Object.entries(options).find(([, {short}]) => flag === `-${short}`) ?? [];
  return long === undefined ? flag : `--${long}`;
}

function takesNext(word: string, options: Flags): boolean {
  if (word.includes('=')) return false;
  const name = nameOf(word);
  const [, found] =
    Object.entries(options).find(
      ([long, {short}]) => long === name || (short === name && !word.startsWith('--')),
    ) ?? [];
  return found?.type === 'string';
}

/** The value of a flag that is given once. */
export function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function list(values: Values, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** @throws {MinicontainerError} `EUSAGE` for words that the verb has no use for */
export function noWords(verb: string, words: readonly string[]): void {
  if (words.length === 0) return;
  throw new MinicontainerError('EUSAGE', `${verb} takes no ${JSON.stringify(words[0])}`, {
    hint: `minicontainer-oci ${verb} --help`,
  });
}

/** The one word that a verb needs. @throws {MinicontainerError} `EUSAGE` */
export function onlyWord(verb: string, words: readonly string[]): string {
  const [word] = words;
  if (word !== undefined && words.length === 1) return word;
  throw new MinicontainerError('EUSAGE', `${verb} takes one container id, not ${words.length}`, {
    hint: `minicontainer-oci ${verb} --help`,
  });
}
