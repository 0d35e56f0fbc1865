import {writeFile} from 'node:fs/promises';
import {shiftedIds} from '../arena/bundle.mjs';
import {makeRootfs} from '../arena/rootfs.mjs';
import {MeasuringArena} from './measure/arena.mjs';
import {describeMachine} from './report/machine.mjs';
import {formatSection} from './report/markdown.mjs';
import {hasFailed} from './report/section.mjs';

/**
 * Runs the cases in the arena and prints each table when it is done.
 *
 * @param {readonly import('./cases/case.mjs').Case[]} chosen
 * @param {import('./arguments.mjs').Arguments & {scratch: string, cgroup: string}} options
 * @returns {Promise<number>} exit code: 1 when a target was missed
 */
export async function runCases(chosen, {json, ...options}) {
  const arena = new MeasuringArena(options);
  const machine = describeMachine();
  /** @type {import('./report/section.mjs').Section[]} */
  const sections = [];
  try {
    await makeRootfs(arena.rootfs);
    await makeRootfs(arena.shiftedRootfs, shiftedIds.first);
    console.log(
      `${machine.cpus} × ${machine.cpu}, Linux ${machine.kernel}, Node ${machine.node}, ` +
        `load ${machine.load.toFixed(2)}; ${options.rounds} rounds, ${options.idleMs} ms between\n`,
    );
    for (const one of chosen) {
      for (const section of await one.run(arena)) {
        sections.push(section);
        console.log(formatSection(section));
      }
    }
  } finally {
    await arena[Symbol.asyncDispose]();
  }
  if (json !== undefined) {
    const loadAfter = describeMachine().load;
    const {rounds, idleMs} = options;
    const report = {machine: {...machine, loadAfter}, rounds, idleMs, sections};
    await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  return sections.some(hasFailed) ? 1 : 0;
}
