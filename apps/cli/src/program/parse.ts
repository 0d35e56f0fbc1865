import type {BaseContext, CliContext} from 'clipanion/lib/advanced/Cli.js';
import {type CommandOption, isOptionSymbol} from 'clipanion/lib/advanced/options/utils.js';
import {CliBuilder, type CommandBuilder, NoLimits, type RunState} from 'clipanion/lib/core.js';
import {type Rewritten, rewriteArgv} from '../argv/rewrite.ts';
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
  const builder = register(commandClass, fields);
  const rewritten = rewriteArgv(
    argv,
    builder.options,
    commandClass.commandName,
    commandClass.flagsAnywhere,
  );
  if (rewritten.help) return undefined;
  checkWords(rewritten.words, builder, commandClass.commandName);
  const state = runState(rewritten, builder);
  for (const [name, option] of fields) {
    Object.assign(command, {[name]: option.transformer(builder, name, state, context)});
  }
  return command;
}

/** The options that a command declares, for its help. */
export function declaredOptions(commandClass: CommandClass): Builder['options'] {
  return register(commandClass, optionFields(new commandClass())).options;
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

/** What clipanion's own `Cli` does to register a command; `command.ts` says why not that. */
function register(commandClass: CommandClass, fields: readonly Field[]): Builder {
  const builder = new CliBuilder<CliContext<BaseContext>>({binaryName: 'minicontainer'}).command();
  builder.setContext({commandClass});
  for (const [name, option] of fields) option.definition(builder, name);
  return builder;
}

function checkWords(words: readonly string[], {arity}: Builder, commandName: string): void {
  const {leading, extra} = arity;
  const missing = leading[words.length];
  if (missing !== undefined) throw new UsageError(commandName, `${missing} is missing`);
  if (extra === NoLimits) return;
  const surplus = words[leading.length + extra.length];
  if (surplus !== undefined) throw new UsageError(commandName, `unexpected argument ${surplus}`);
}

/**
 * What clipanion's state machine would find out about flags and words that are told apart already;
 * building that machine takes 3 ms of every start.
 */
function runState({flags, words}: Rewritten, {arity}: Builder): RunState {
  const behind = arity.extra === NoLimits ? NoLimits : true;
  return {
    options: flags.map(({name, value}) => ({name, value})),
    positionals: words.map((value, index) => ({
      value,
      extra: index < arity.leading.length ? false : behind,
    })),
    candidateUsage: null,
    requiredOptions: [],
    errorMessage: null,
    ignoreOptions: false,
    path: [],
    remainder: null,
    selectedIndex: null,
  };
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
