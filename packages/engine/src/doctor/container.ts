import {findNsexec} from '@minicontainer/nsexec';
import {run} from '../run.ts';
import {type Check, good, missing} from './check.ts';

export function checkNsexec(): Check[] {
  try {
    return [good('nsexec', findNsexec())];
  } catch (error) {
    return [explain('nsexec', error)];
  }
}

/** Nothing tells as much as a container does. */
export async function checkContainer(): Promise<Check[]> {
  const name = 'a container';
  try {
    const {exitCode} = await run({source: {kind: 'host'}, command: ['/bin/true']});
    const found = `/bin/true ended with ${exitCode}`;
    return [exitCode === 0 ? good(name, found) : missing(name, found)];
  } catch (error) {
    return [explain(name, error)];
  }
}

/** An error as a finding: its one line, and its hint as what to do. */
export function explain(name: string, error: unknown): Check {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && 'hint' in error ? error.hint : undefined;
  return missing(name, message, typeof hint === 'string' ? hint : undefined);
}
