import {Command} from 'clipanion/lib/advanced/Command.js';

// clipanion's modules are imported one by one: its entry opens stdin, stdout and stderr as streams
// when it is loaded, which takes 4 ms and leaves pipes that we share with others non-blocking.
export * as Option from 'clipanion/lib/advanced/options/index.js';

/** What every command of the program is: options as fields, and `execute()`. */
export abstract class ProgramCommand extends Command {
  abstract override execute(): Promise<number>;
}

export interface CommandHelp {
  /** What stands behind the command's name: `[OPTIONS] COMMAND [ARG...]` */
  readonly synopsis: string;
  /** One line, without a full stop. */
  readonly description: string;
  readonly details?: string;
  /** What it does, and a line that works when pasted. */
  readonly examples: readonly (readonly [what: string, line: string])[];
}

export interface CommandClass<T extends ProgramCommand = ProgramCommand> {
  new (): T;
  readonly commandName: string;
  readonly commandHelp: CommandHelp;
  /** Whether flags may stand behind words too: not where the words are somebody else's command line. */
  readonly flagsAnywhere?: boolean;
}
