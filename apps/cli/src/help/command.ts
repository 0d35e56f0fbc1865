import type {CommandClass} from '../program/command.ts';
import {declaredOptions} from '../program/parse.ts';
import {columns} from './columns.ts';

/** The help of one command: how it is called, what its flags do, lines to paste. */
export function renderCommandHelp(commandClass: CommandClass): string {
  const {commandName, commandHelp} = commandClass;
  const {synopsis, description, details, examples} = commandHelp;
  return [
    `Usage: minicontainer ${commandName} ${synopsis}`.trimEnd(),
    `${description}.`,
    ...(details === undefined ? [] : [details.trim()]),
    ...optionSection(commandClass),
    `Examples:\n${examples.map(([what, line]) => `  # ${what}\n  ${line}`).join('\n\n')}`,
  ]
    .map((section) => `${section.trimEnd()}\n`)
    .join('\n');
}

function optionSection(commandClass: CommandClass): string[] {
  const rows = declaredOptions(commandClass)
    .filter(({hidden}) => !hidden)
    .sort((one, other) => (longName(one.names) < longName(other.names) ? -1 : 1))
    .map(({names, arity, description = ''}) => optionRow(names, arity, description));
  rows.push(['      --help', 'Show this help']);
  return [`Options:\n${columns(rows)}`];
}

function longName(names: readonly string[]): string {
  return names.find((name) => name.startsWith('--')) ?? '';
}

/** As pflag has it, the first piece in backquotes of a description is what its value is called. */
function optionRow(names: readonly string[], arity: number, description: string) {
  const [, placeholder = 'VALUE'] = /`([^`]+)`/.exec(description) ?? [];
  const short = names.find((name) => !name.startsWith('--'));
  const long = longName(names);
  const spelling = short === undefined ? `    ${long}` : `${short}, ${long}`;
  const flag = arity === 0 ? spelling : `${spelling} ${placeholder}`;
  return [`  ${flag}`, description.replaceAll('`', '')] as const;
}
