import {MinicontainerError} from '@minicontainer/errors';

/** A command line that cannot be understood; the hint is where to read on, unless there is a better. */
export class UsageError extends MinicontainerError {
  override readonly name = 'UsageError';

  constructor(commandName: string, reason: string, hint?: string) {
    super('EUSAGE', `${commandName}: ${reason}`, {
      hint: hint ?? `minicontainer ${commandName} --help shows how it is called`,
    });
  }
}
