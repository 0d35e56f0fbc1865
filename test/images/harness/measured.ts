import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {someone} from '../../e2e/harness/people.ts';
import {roomOf} from '../../e2e/harness/room.ts';
import {binPath, launch, type Result, type RunOptions} from '../../e2e/harness/run.ts';

export interface Measured extends Result {
  /** The most that one process of it had resident at any time. */
  readonly peakBytes: number;
  readonly seconds: number;
}

/** Runs the rest of its words, and writes what the largest process of theirs had resident (getrusage(2)). */
const program = `
import os, resource, sys
child = os.spawnvp(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status = os.waitpid(child, 0)
with open(sys.argv[1], "w") as target:
    target.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024))
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
`;

/** `minicontainer WORDS…`, with what it took. */
export async function measured(
  words: readonly string[],
  options: RunOptions = {},
): Promise<Measured> {
  const file = join(roomOf(options.as ?? someone).work, 'peak');
  const begin = performance.now();
  const python = ['-S', '-E', '-c', program, file, binPath(), ...words];
  const result = await launch('python3', python, options).result;
  const peakBytes = Number(readFileSync(file, 'utf8'));
  rmSync(file);
  return {...result, peakBytes, seconds: (performance.now() - begin) / 1000};
}
