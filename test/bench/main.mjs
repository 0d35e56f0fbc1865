import {fileURLToPath} from 'node:url';
import {enterArena} from '../arena/enter.mjs';
import {makeScratch, removeScratch} from '../arena/scratch.mjs';
import {readArguments, usage} from './arguments.mjs';
import {cases} from './cases/case.mjs';
import {compilePair} from './measure/pair.mjs';
import {runCases} from './run.mjs';

/**
 * Twice the same program: outside it fetches and cleans up, inside the arena it measures.
 *
 * @param {readonly string[]} argv
 * @returns {Promise<number>} exit code: 1 when a target was missed
 */
async function main(argv) {
  const wanted = readArguments(
    argv,
    cases.map(({name}) => name),
  );
  if (wanted === undefined) {
    console.log(usage);
    return 0;
  }
  const chosen = cases.filter(({name}) => wanted.cases.length === 0 || wanted.cases.includes(name));
  const scratch = process.env.MINICONTAINER_ARENA;
  const cgroup = process.env.MINICONTAINER_ARENA_CGROUP;
  if (scratch !== undefined && cgroup !== undefined) {
    return runCases(chosen, {...wanted, scratch, cgroup});
  }
  if (process.getuid?.() !== 0)
    throw new Error('the other tools are measured as root: run as root');
  return prepareAndEnter(chosen, argv);
}

/**
 * @param {readonly import('./cases/case.mjs').Case[]} chosen
 * @param {readonly string[]} argv
 * @returns {Promise<number>}
 */
async function prepareAndEnter(chosen, argv) {
  const scratch = await makeScratch('bench');
  try {
    await compilePair(scratch.path);
    for (const {name, fetch} of new Set(chosen.flatMap(({peers}) => peers))) {
      await fetch?.(scratch.path).catch((/** @type {Error} */ error) => {
        console.error(`bench: ${name}: ${error.message.trimEnd().split('\n').at(-1)}`);
      });
    }
    return await enterArena([fileURLToPath(import.meta.url), ...argv], scratch);
  } finally {
    await removeScratch(scratch);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 125;
}
