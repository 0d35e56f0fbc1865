import {commandNames, loadCommand} from '../commands/index.ts';
import {columns} from './columns.ts';

/** The help of the whole program: what it is, its commands, a first line to paste. */
export async function renderOverview(): Promise<string> {
  const rows: [string, string][] = [];
  for (const name of commandNames()) {
    const {commandHelp} = await loadCommand(name);
    rows.push([`  ${name}`, commandHelp.description]);
  }
  return `Usage: minicontainer COMMAND [ARG...]

Containers on Linux without a daemon: from images, a directory, or what this machine has installed.

Commands:
${columns(rows)}

Options:
${columns([
  ['  -h, --help', 'Show this help; minicontainer COMMAND --help shows a command’s'],
  ['  --version', 'Print the version'],
])}

Examples:
  # A shell in a container of its own; nothing it writes reaches this machine
  minicontainer run /bin/bash

  # The same in an image, which is fetched where it is not here
  minicontainer run debian:12 bash

  # What exactly that would do, step by step, without doing it
  minicontainer explain run /bin/bash

  # Whether this machine can run containers, and what to do if not
  minicontainer doctor
`;
}
