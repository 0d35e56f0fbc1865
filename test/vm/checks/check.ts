import {endStarted} from './command.ts';
import {leftovers, takeSnapshot} from './leftovers.ts';

/** One sentence about behaviour, and what shows it: it throws where the sentence does not hold. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export function check(name: string, run: () => Promise<void>): Check {
  return {name, run};
}

/**
 * Runs checks one after the other, and after each looks for what it left on the host. For the harness
 * outside, lines on stdout: `CHECKS <count>`, then for each `CHECK ok|failed <ms> <name as JSON> <detail as JSON>`.
 */
export async function runChecks(checks: readonly Check[]): Promise<void> {
  say(`CHECKS ${checks.length}`);
  for (const {name, run} of checks) {
    const started = performance.now();
    const detail = await failureOf(run);
    const ms = Math.round(performance.now() - started);
    const verdict = detail === '' ? 'ok' : 'failed';
    say(`CHECK ${verdict} ${ms} ${JSON.stringify(name)} ${JSON.stringify(detail)}`);
  }
}

async function failureOf(run: () => Promise<void>): Promise<string> {
  const before = takeSnapshot();
  const failures: string[] = [];
  try {
    await run();
  } catch (error) {
    failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  endStarted();
  const left = await leftovers(before);
  if (left.length > 0) failures.push(`left on the host:\n${left.join('\n')}`);
  return failures.join('\n');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
