import {spawnSync} from 'node:child_process';
import {existsSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {inject} from 'vitest';
import type {Person} from '../../e2e/harness/people.ts';
import {launch, nsexecPath, type Result} from '../../e2e/harness/run.ts';
import type {PlanMutation} from './plan-mutants.ts';
import {prepare, repeatable} from './prepared.ts';
import {mutantNsexec, type Replacement} from './source-mutants.ts';

const long = process.env.MINICONTAINER_TEST_LONG === '1';

/** How often each race is run. */
export const rounds = long ? 3000 : 200;
/** Of a test that runs some. */
export const timeoutMs = rounds * 600;

/** A container that starts again and again, while two entries of a directory are exchanged. */
export interface Race {
  readonly words: readonly string[];
  readonly directory: string;
  readonly names: readonly [string, string];
  /** What was gained, as with an attack. */
  readonly gain: (result: Result) => string;
}

/**
 * Starts a container until the race is won, or as often as `rounds` says.
 *
 * @returns what was gained; empty: nothing in all rounds
 */
export async function runRace(
  as: Person,
  {words, directory, names, gain}: Race,
  {
    plan: mutate = (plan) => plan,
    source,
  }: {plan?: PlanMutation; source?: readonly Replacement[]} = {},
): Promise<string> {
  const nsexec = source === undefined ? nsexecPath() : mutantNsexec(source);
  // A cgroup is nothing to these races, and most of the time that a start takes.
  const {plan, perform} = await prepare(['--cgroups', 'disabled', ...words], {as});
  const attacker = launch(attackerPath(), [directory, ...names], {as, timeoutMs});
  await attacker.printed('swapping');
  let gained = '';
  try {
    const repeated = repeatable(mutate(plan));
    for (let round = 0; round < rounds && gained === ''; round += 1) {
      gained = gain(await perform(repeated, nsexec).result);
    }
  } finally {
    attacker.process.kill('SIGKILL');
    await attacker.result;
  }
  // Gives back what it was given.
  await perform(plan).result;
  return gained;
}

function attackerPath(): string {
  const built = join(inject('mutants'), 'swap');
  if (!existsSync(built)) {
    const making = `${built}-${process.pid}`;
    const source = join(import.meta.dirname, '../attackers/swap.c');
    const options = ['-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-static'];
    const {status, stderr} = spawnSync('gcc', [...options, '-o', making, source], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    renameSync(making, built);
  }
  return built;
}
