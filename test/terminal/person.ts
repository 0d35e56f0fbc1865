import {describe} from 'vitest';
import {readProcesses} from '../e2e/harness/leftovers/processes.ts';
import {type Person, people} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {environmentOf} from '../e2e/harness/run.ts';
import {containerPrompt, Terminal} from './tmux.ts';

/** One group of tests for root and one for a plain user: what ids a container has is all one to a terminal. */
export function describeBoth(title: string, tests: (person: Person) => void): void {
  for (const person of people.slice(0, 2)) {
    describe.skipIf(!person.exists)(`${title}, as ${person.name}`, () => tests(person));
  }
}

/** A person's terminal, in that person's room. */
export function openTerminal(
  person: Person,
  environment: Readonly<Record<string, string>> = {},
): Promise<Terminal> {
  const {uid, gid} = person;
  const directory = roomOf(person).work;
  return Terminal.open({
    uid,
    gid,
    directory,
    environment: {...environmentOf(person), ...environment},
  });
}

/** A person's terminal in which a shell of a container waits at its prompt. */
export async function openContainer(person: Person, flags = ''): Promise<Terminal> {
  const terminal = await openTerminal(person);
  await terminal.enter(`minicontainer run ${flags} /bin/bash`);
  await terminal.prompted(containerPrompt);
  return terminal;
}

/** The process that the user's shell has started: the command line, then its supervisor. */
export async function jobOf(terminal: Terminal): Promise<number> {
  const shell = await terminal.shellPid();
  const jobs = [...readProcesses().values()].filter(({parent}) => parent === shell);
  const [job] = jobs;
  if (job === undefined || jobs.length > 1) throw new Error(`${jobs.length} jobs run, not one`);
  return job.pid;
}
