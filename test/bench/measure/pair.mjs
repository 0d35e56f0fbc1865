import {execFile} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const execute = promisify(execFile);
const source = fileURLToPath(new URL('pair.c', import.meta.url));

/**
 * One run of one program: wall time up to its end, cpu of it and of all it waited for, and the most that any
 * one of them had resident.
 * @typedef {object} Sample
 * @property {number} wallMs
 * @property {number} cpuMs
 * @property {number} peakMb of 10^6 bytes
 */

/**
 * What the spawner starts.
 * @typedef {object} Program
 * @property {readonly string[]} argv
 * @property {string} [descriptor3] a file that it finds open as descriptor 3
 */

/**
 * Builds the spawner that measures. Node itself would add a fork of its own size to every run.
 *
 * @param {string} directory where the binary goes
 * @returns {Promise<string>} its path
 */
export async function compilePair(directory) {
  const binary = join(directory, 'pair');
  await execute(process.env.CC ?? 'cc', ['-O2', '-o', binary, source]);
  return binary;
}

/**
 * Runs the programs in turn, round after round, and returns the samples of each, by round.
 *
 * @param {string} pair the spawner's path
 * @param {readonly Program[]} programs
 * @param {{rounds: number, idleMs: number, feedBytes?: number, scratch: string}} options
 * @returns {Promise<Sample[][]>} one list per program
 * @throws {Error} when a run fails: its own last line on stderr, or how it ended
 */
export async function runInTurn(pair, programs, {rounds, idleMs, feedBytes = 0, scratch}) {
  const stderrFile = join(scratch, 'stderr');
  await writeFile(stderrFile, '');
  const words = programs.flatMap(({argv, descriptor3 = ''}) => [
    String(argv.length + 1),
    descriptor3,
    ...argv,
  ]);
  const numbers = [rounds, idleMs, feedBytes].map(String);
  /** @type {string} */
  let output;
  try {
    ({stdout: output} = await execute(pair, [...numbers, stderrFile, ...words], {
      maxBuffer: 64 * 1024 * 1024,
    }));
  } catch (error) {
    const said = lastLine(await readFile(stderrFile, 'utf8'));
    const ended = lastLine(error).replace(/^pair: /, '');
    throw new Error(said ? `${ended}: ${said}` : ended, {cause: error});
  }
  return parse(output, programs.length);
}

/**
 * @param {string} output
 * @param {number} programs
 * @returns {Sample[][]}
 */
function parse(output, programs) {
  /** @type {Sample[][]} */
  const samples = Array.from({length: programs}, () => []);
  for (const line of output.trimEnd().split('\n')) {
    const [, program = NaN, ...numbers] = line.split(' ').map(Number);
    const [wallNs = NaN, cpuUs = NaN, peakKb = NaN] = numbers;
    samples[program]?.push({
      wallMs: wallNs / 1e6,
      cpuMs: cpuUs / 1e3,
      peakMb: (peakKb * 1024) / 1e6,
    });
  }
  return samples;
}

/**
 * What a program said last, which is mostly why it ended.
 *
 * @param {unknown} said an error or its text
 * @returns {string}
 */
export function lastLine(said) {
  const text = said instanceof Error ? said.message : String(said);
  return text.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
}
