import type {Check, Finding} from '@minicontainer/engine';
import {writeStdout} from '../output/streams.ts';
import {table} from '../output/table.ts';
import {type CommandHelp, Option, ProgramCommand} from '../program/command.ts';
import {UsageError} from '../program/usage.ts';

export class DoctorCommand extends ProgramCommand {
  static readonly commandName = 'doctor';
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS]',
    description: 'Check what this machine gives containers, and say what to do where it does not',
    details: `
A line for each protection and each limit: ok, warn (containers run without it, and the line says
what they then lack) or MISSING. The exit code is 0 if a container can run, 1 if not.`,
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
    const {doctor} = await import('@minicontainer/engine/doctor');
    const findings = await doctor();
    writeStdout(
      format === 'json' ? `${JSON.stringify(findings, null, 2)}\n` : renderFindings(findings),
    );
    return runsContainers(findings) ? 0 : 1;
  }
}

/** The last finding is a container that was really run: it decides, whatever the others say. */
export function runsContainers(findings: readonly Finding[]): boolean {
  return findings.at(-1)?.ok === true;
}

/** A row for each finding, by subject, and what to do below where something is to be done. */
export function renderFindings(findings: readonly Finding[]): string {
  const lines = table(findings.map(({name, ok, found}) => [verdict(ok), name, found]))
    .split('\n')
    .slice(0, -1);
  const rows = lines.map((line, row) => {
    const group = findings[row]?.group ?? '';
    return findings[row - 1]?.group === group ? line : `${row === 0 ? '' : '\n'}${group}\n${line}`;
  });
  const fixes = findings.filter(({ok, fix}) => ok !== true && fix !== undefined);
  return [
    ...rows,
    ...(fixes.length > 0 ? ['\nwhat to do'] : []),
    ...fixes.map(({name, fix}) => `${name}:\n  ${fix}`),
    '',
  ].join('\n');
}

function verdict(ok: Check['ok']): string {
  if (ok === 'warn') return 'warn';
  return ok ? 'ok' : 'MISSING';
}
