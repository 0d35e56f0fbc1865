import {printError} from '../output/failure.ts';
import {type CommandHelp, Option, ProgramCommand} from '../program/command.ts';
import {UsageError} from '../program/usage.ts';

/**
 * What nsexec executes when an operation failed: by then Node is gone, and only the plan, in an
 * inherited descriptor, knows what that operation was and why it was there.
 */
export class ReportCommand extends ProgramCommand {
  static readonly commandName = '__report';
  static readonly commandHelp: CommandHelp = {
    synopsis: 'FD INDEX ERRNO [DETAIL]',
    description: 'Say which operation of a plan failed, for nsexec alone',
    examples: [],
  };

  fd = Option.String();
  index = Option.String();
  errno = Option.String();
  detail = Option.String({required: false});

  async execute(): Promise<number> {
    const {explainFailure} = await import('@minicontainer/engine/report');
    return printError(
      explainFailure({
        fd: number(this.fd),
        index: number(this.index),
        errno: number(this.errno),
        ...(this.detail !== undefined && {detail: this.detail}),
      }),
    );
  }
}

function number(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError('__report', `${text} is not a number`);
  return Number(text);
}
