import type {BaseContext, CliContext} from 'clipanion/lib/advanced/Cli.js';
import {type CommandOption, isOptionSymbol} from 'clipanion/lib/advanced/options/utils.js';
import {CliBuilder, type CommandBuilder, NoLimits} from 'clipanion/lib/core.js';
import {type GivenFlag, rewriteArgv} from '../argv/rewrite.ts';
import type {CommandClass, ProgramCommand} from './command.ts';
import {UsageError} from './usage.ts';

type Builder = CommandBuilder<CliContext<BaseContext>>;
type Field = readonly [name: string, option: CommandOption<unknown>];

/**
 * Makes a command of the words behind its name.
 *
 * @returns undefined when they ask for help
 * @throws {UsageError} when they do not fit the command
 */
export function parseCommand<T extends ProgramCommand>(
  commandClass: CommandClass<T>,
  argv: readonly string[],
): T | undefined {
  const command = new commandClass();
  const fields = optionFields(command);
  const {builder: declared, flagsOf} = register(commandClass, fields);
  const {help, flags, words} = rewriteArgv(argv, declared.options, commandClass.commandName);
  if (help) return undefined;
  checkWords(words, declared, commandClass.commandName);

  // Compiling all options of `run` takes 7 ms: those that do not occur are left out.
  const given = new Set(flags.map(({name}) => name));
  const occurring = fields.filter(([name]) => {
    const spellings = flagsOf.get(name) ?? [];
    return spellings.length === 0 || spellings.some((spelling) => given.has(spelling));
  });
  const {cli, builder} = register(commandClass, occurring);
  const state = cli.compile().process([...flags.map(spell), '--', ...words]);
  for (const [name, option] of fields) {
    Object.assign(command, {[name]: option.transformer(builder, name, state, context)});
  }
  return command;
}

/** The options that a command declares, for its help. */
export function declaredOptions(commandClass: CommandClass): Builder['options'] {
  return register(commandClass, optionFields(new commandClass())).builder.options;
}

function optionFields(command: ProgramCommand): Field[] {
  return Object.keys(command).flatMap((name): Field[] => {
    const value: unknown = Reflect.get(command, name);
    return isOption(value) ? [[name, value]] : [];
  });
}

function isOption(value: unknown): value is CommandOption<unknown> {
  return typeof value === 'object' && value !== null && isOptionSymbol in value;
}

/**
 * What clipanion's own `Cli` does to register a command; `command.ts` says why not that.
 *
 * @returns also which flags each field stands for: none when it stands for words
 */
function register(commandClass: CommandClass, fields: readonly Field[]) {
  const cli = new CliBuilder<CliContext<BaseContext>>({binaryName: 'minicontainer'});
  const builder = cli.command();
  builder.setContext({commandClass});
  const flagsOf = new Map<string, readonly string[]>();
  for (const [name, option] of fields) {
    const before = builder.options.length;
    option.definition(builder, name);
    flagsOf.set(
      name,
      builder.options.slice(before).flatMap(({names}) => names),
    );
  }
  return {cli, builder, flagsOf};
}

function spell({name, value}: GivenFlag): string {
  if (typeof value === 'string') return `${name}=${value}`;
  return value ? name : `--no-${name.slice(2)}`;
}

function checkWords(words: readonly string[], {arity}: Builder, commandName: string): void {
  const {leading, extra} = arity;
  const missing = leading[words.length];
  if (missing !== undefined) throw new UsageError(commandName, `${missing} is missing`);
  if (extra === NoLimits) return;
  const surplus = words[leading.length + extra.length];
  if (surplus !== undefined) throw new UsageError(commandName, `unexpected argument ${surplus}`);
}

// Options may read the environment; the streams are opened only if somebody asks for one.
const context: BaseContext = {
  env: process.env,
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  colorDepth: 1,
};
