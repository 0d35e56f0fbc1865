import type {Check} from '@minicontainer/engine';
import {writeStdout} from '../output/streams.ts';
import {table} from '../output/table.ts';
import {type CommandHelp, Option, ProgramCommand} from '../program/command.ts';
import {UsageError} from '../program/usage.ts';

export class DoctorCommand extends ProgramCommand {
  static readonly commandName = 'doctor';
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS]',
    description: 'Check whether this machine can run containers, and say what to do if not',
    details: 'The exit code is 0 if a container can run, 1 if not.',
    examples: [
      ['A table', 'minicontainer doctor'],
      ['For programs', 'minicontainer doctor --format json'],
    ],
  };

  format = Option.String('--format', 'table', {description: 'Print it as `FORMAT`: table or json'});

  async execute(): Promise<number> {
    const {format} = this;
    if (format !== 'table' && format !== 'json') {
      throw new UsageError('doctor', `--format is table or json, not ${format}`);
    }
    const {doctor} = await import('@minicontainer/engine');
    const checks = await doctor();
    writeStdout(format === 'json' ? `${JSON.stringify(checks, null, 2)}\n` : renderChecks(checks));
    return checks.every(({ok}) => ok !== false) ? 0 : 1;
  }
}

/** A row for each finding, and below it what to do where something is to be done. */
export function renderChecks(checks: readonly Check[]): string {
  const rows = checks.map(({name, ok, found}) => [verdict(ok), name, found]);
  const fixes = checks.filter(({ok, fix}) => ok !== true && fix !== undefined);
  return table(rows) + fixes.map(({name, fix}) => `\n${name}:\n  ${fix}\n`).join('');
}

function verdict(ok: Check['ok']): string {
  if (ok === 'warn') return 'warn';
  return ok ? 'ok' : 'MISSING';
}
