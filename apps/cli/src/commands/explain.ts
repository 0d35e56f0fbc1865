import {writeStdout} from '../output/streams.ts';
import {type CommandHelp, Option, ProgramCommand} from '../program/command.ts';
import {parseCommand} from '../program/parse.ts';
import {UsageError} from '../program/usage.ts';
import {processCaller} from '../run/caller.ts';
import {RunCommand} from './run.ts';

export class ExplainCommand extends ProgramCommand {
  static readonly commandName = 'explain';
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] run [OPTIONS] COMMAND [ARG...]',
    description: 'Show what a run would do, operation by operation, without doing it',
    details: `
Every operation stands there with its reason and the man page to read on. Nothing is run, made or
changed.`,
    examples: [
      ['The whole plan', 'minicontainer explain run /bin/bash'],
      ['What --network host changes', 'minicontainer explain run --network host /bin/bash'],
      ['For programs', 'minicontainer explain --format json run /bin/true'],
    ],
  };

  format = Option.String('--format', 'text', {description: 'Print it as `FORMAT`: text or json'});
  words = Option.Rest();

  async execute(): Promise<number> {
    const {format, words} = this;
    if (format !== 'text' && format !== 'json') {
      throw new UsageError('explain', `--format is text or json, not ${format}`);
    }
    const [name, ...argv] = words;
    if (name !== 'run') {
      const what =
        name === undefined ? 'nothing to explain' : `only run can be explained, not ${name}`;
      throw new UsageError('explain', what, 'for example minicontainer explain run /bin/bash');
    }
    const command = parseCommand(RunCommand, argv);
    if (command === undefined) {
      const {renderCommandHelp} = await import('../help/command.ts');
      writeStdout(renderCommandHelp(RunCommand));
      return 0;
    }
    // Its own stdout may be a pipe to a pager; the run that it explains would have the terminal.
    const options = command.options(await processCaller([0]));
    const {explainPlan, explainRun, planToJson} = await import('@minicontainer/engine');
    const plan = await explainRun(options);
    writeStdout(
      format === 'json' ? `${JSON.stringify(planToJson(plan), null, 2)}\n` : explainPlan(plan),
    );
    return 0;
  }
}
