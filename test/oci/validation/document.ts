import {commit, type Program, programs} from './programs.ts';
import {type Reason, reasons} from './reasons.ts';
import type {Recorded} from './record.ts';
import {names, type RuntimeName} from './runtimes.ts';

const kinds: Record<Reason['kind'], string> = {
  program: 'A mistake of the program',
  specification: 'Of an older specification',
  machine: 'Not to be had on this machine',
  engines: 'Other than engines need it',
  refused: 'Refused on purpose',
};

/** What the programs find, for a person to read: Markdown. */
export function formatValidation(recorded: Recorded): string {
  const failing = programs.filter((program) => reasons[program] !== undefined);
  return `${[
    '# The OCI validation programs',
    '',
    'Made by `npm run validation`, not by hand: the validation programs of ' +
      `opencontainers/runtime-tools, commit ${commit}, on Linux ${recorded.kernel} with cgroup v1, with ` +
      `minicontainer-oci, runc ${recorded.versions.runc} and crun ${recorded.versions.crun}. Each program ran ` +
      'as root in namespaces and cgroups of its own.',
    '',
    `${told(recorded, 'minicontainer')} with minicontainer-oci, ${told(recorded, 'runc')} with runc, ` +
      `${told(recorded, 'crun')} with crun. With ours, each of the others has its reason:`,
    '',
    ...table(
      ['program', 'kind', 'because'],
      failing.map((program) => {
        const {kind = 'program', because = ''} = reasons[program] ?? {};
        return [code(program), kinds[kind], capitalized(because)];
      }),
    ),
    '',
    'A test ([test/oci/validation](../test/oci/validation)) holds that every other program passes, and that ' +
      'these do not: a reason that is none any more fails it.',
    '',
    '## What each program finds',
    '',
    'The first thing that a program complains of. A hook that ends before it has read what it is told ends ' +
      'crun 1.8.1 too, by SIGPIPE: in the programs about hooks its column is chance.',
    '',
    ...table(
      ['program', ...names],
      programs.map((program) => [
        code(program),
        ...names.map((name) => cell(recorded.failures[program][name])),
      ]),
    ),
  ].join('\n')}\n`;
}

function told({failures}: Recorded, name: RuntimeName): string {
  const passed = programs.filter((program: Program) => failures[program][name] === '');
  return `${passed.length} of ${programs.length} pass`;
}

function cell(failure: string): string {
  return failure === '' ? 'passes' : failure.replaceAll('|', '\\|');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function code(text: string): string {
  return `\`${text}\``;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
