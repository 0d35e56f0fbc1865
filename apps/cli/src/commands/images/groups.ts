import {nearest} from '../../argv/nearest.ts';
import {columns} from '../../help/columns.ts';
import {writeStdout} from '../../output/streams.ts';
import {UsageError} from '../../program/usage.ts';
import type {CommandName, loadCommand} from '../index.ts';

/** What Docker and Podman users type in two words: group → second word → the command that it is. */
const groups = {
  image: {
    ls: 'images',
    list: 'images',
    pull: 'pull',
    push: 'push',
    rm: 'rmi',
    remove: 'rmi',
    tag: 'tag',
    inspect: 'inspect',
    history: 'history',
    save: 'save',
    load: 'load',
    import: 'import',
    prune: 'prune',
  },
  system: {df: 'df', prune: 'prune'},
} as const satisfies Record<string, Readonly<Record<string, CommandName>>>;

export type GroupName = keyof typeof groups;

/**
 * The command that the words behind a group's name mean, and the words that are left for it.
 *
 * @param load makes the class of a command of its name, for the help
 * @returns undefined when they ask for help, which is printed then
 * @throws {UsageError} when the group has no such command
 */
export async function resolveGroup(
  group: GroupName,
  [word, ...argv]: readonly string[],
  load: typeof loadCommand,
): Promise<readonly [CommandName, readonly string[]] | undefined> {
  const members: Readonly<Record<string, CommandName>> = groups[group];
  if (word === undefined || word === '--help' || word === '-h' || word === 'help') {
    writeStdout(await renderGroupHelp(group, members, load));
    return undefined;
  }
  const name = Object.hasOwn(members, word) ? members[word] : undefined;
  if (name === undefined) throw unknownMember(group, word, Object.keys(members));
  return [name, argv];
}

async function renderGroupHelp(
  group: GroupName,
  members: Readonly<Record<string, CommandName>>,
  load: typeof loadCommand,
): Promise<string> {
  const rows: [string, string][] = [];
  for (const [word, name] of Object.entries(members)) {
    const {commandHelp} = await load(name);
    rows.push([`  ${group} ${word}`, `minicontainer ${name}: ${commandHelp.description}`]);
  }
  return `Usage: minicontainer ${group} COMMAND [ARG...]

Commands, each with the name that it has without the group:
${columns(rows)}
`;
}

function unknownMember(group: GroupName, word: string, words: readonly string[]): UsageError {
  const guess = nearest(word, words);
  const hint =
    guess === undefined
      ? `the commands are ${words.map((member) => `${group} ${member}`).join(', ')}`
      : `did you mean minicontainer ${group} ${guess}?`;
  return new UsageError(group, `unknown command ${word}`, hint);
}
