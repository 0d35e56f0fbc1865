import type {TestProject} from 'vitest/node';
import type {Kernel} from '../machine/kernel.ts';
import {type Machine, runMachine} from '../machine/qemu.ts';
import {type Outcome, Results} from './results.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Undefined where this person cannot make the guest. */
    guest?: {
      readonly kernel: string;
      readonly outcomes: readonly Outcome[];
      /** What is wrong with the run as a whole; empty: nothing. */
      readonly problem: string;
    };
  }
}

const isLong = process.env.MINICONTAINER_TEST_LONG === '1';
const timeoutMs = isLong ? 1_500_000 : 400_000;

/** Boots a guest and lets it run its checks; the project's tests read what they found. */
export async function bootGuest(
  {provide}: TestProject,
  kernel: Kernel,
  machine: Omit<Machine, 'kernel'>,
): Promise<void> {
  const results = new Results();
  const ending = await runMachine(
    {
      ...machine,
      kernel: kernel.image,
      kernelWords: [...machine.kernelWords, ...wordsForChecks()],
    },
    (line) => print(results.read(line)),
    timeoutMs,
  );
  const problem = results.problem(ending);
  if (problem === '' && results.haveFailures) print(results.endOfConsole());
  provide('guest', {kernel: kernel.release, outcomes: results.outcomes, problem});
}

/** After `--` they are not the kernel's (bootparam(7)); a space would part them. */
function wordsForChecks(): string[] {
  const only = process.env.MINICONTAINER_TEST_ONLY;
  return [
    '--',
    ...(isLong ? ['long'] : []),
    ...(only === undefined ? [] : [`only=${only.replaceAll(' ', '.')}`]),
  ];
}

function print(told: Outcome | string | undefined): void {
  if (told === undefined) return;
  if (typeof told === 'string') {
    process.stdout.write(`   ${told.replaceAll('\n', '\n   ')}\n`);
    return;
  }
  const {name, seconds, failure} = told;
  const verdict = failure === '' ? 'ok' : 'failed';
  process.stdout.write(`   in the guest: ${verdict} (${seconds.toFixed(1)} s) ${name}\n`);
}
