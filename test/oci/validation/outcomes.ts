import {rmSync} from 'node:fs';
import {removeAbandoned} from './abandoned.ts';
import {makeKit} from './kit.ts';
import {type Program, programs} from './programs.ts';
import {runProgram} from './room.ts';
import {pathOf, type RuntimeName} from './runtimes.ts';
import type {Verdict} from './verdict.ts';

export type Outcomes = ReadonlyMap<Program, Verdict>;

/** Programs mostly wait, a second at a time; more than this many at once on 2 cores would be late. */
const atOnce = 3;

/** Runs all programs on one runtime: half a minute. */
export async function runAll(directory: string, name: RuntimeName): Promise<Outcomes> {
  removeAbandoned();
  const runtime = pathOf(name);
  const kit = makeKit(directory);
  const outcomes = new Map<Program, Verdict>();
  const waiting = programs.values();
  try {
    await Promise.all(Array.from({length: atOnce}, runNext));
  } finally {
    rmSync(kit, {recursive: true, force: true});
  }
  return outcomes;

  async function runNext(): Promise<void> {
    for (const program of waiting) {
      outcomes.set(program, await runProgram(program, {runtime, programs: directory, kit}));
    }
  }
}
