import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {release} from 'node:os';
import {join} from 'node:path';
import {runAll} from './outcomes.ts';
import {type Program, programs} from './programs.ts';
import {names, pathOf, type RuntimeName} from './runtimes.ts';

/** What each runtime did on one machine: for each program what it failed by, '' where it passed. */
export interface Recorded {
  readonly kernel: string;
  readonly versions: Readonly<Record<RuntimeName, string>>;
  readonly failures: Readonly<Record<Program, Readonly<Record<RuntimeName, string>>>>;
}

const file = join(import.meta.dirname, 'recorded.json');

export function readRecorded(): Recorded {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Runs all programs on all runtimes, and writes what they did: two minutes. */
export async function record(directory: string): Promise<Recorded> {
  const outcomes = new Map<RuntimeName, ReadonlyMap<Program, string | undefined>>();
  for (const name of names) outcomes.set(name, await runAll(directory, name));
  const recorded = {
    kernel: /^\d+\.\d+/.exec(release())?.[0] ?? release(),
    versions: eachName((name) => versionOf(name)),
    failures: Object.fromEntries(
      programs.map((program) => [
        program,
        eachName((name) => outcomes.get(name)?.get(program) ?? ''),
      ]),
    ),
  };
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
  return readRecorded();
}

function eachName(value: (name: RuntimeName) => string): Record<RuntimeName, string> {
  return {minicontainer: value('minicontainer'), runc: value('runc'), crun: value('crun')};
}

function versionOf(name: RuntimeName): string {
  if (name === 'minicontainer') return 'of this clone';
  const output = execFileSync(pathOf(name), ['--version'], {encoding: 'utf8'});
  return /version (\S+)/.exec(output)?.[1]?.split('+')[0] ?? '';
}
