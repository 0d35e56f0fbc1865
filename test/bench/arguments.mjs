import {resolve} from 'node:path';
import {parseArgs} from 'node:util';

/**
 * @typedef {object} Arguments
 * @property {readonly string[]} cases names; all when empty
 * @property {number} rounds
 * @property {number} idleMs between two runs
 * @property {string | undefined} json
 */

export const usage = `Usage: npm run bench -- [--case NAME]... [-n ROUNDS] [--idle MS] [--json FILE]

Runs tools in turn, A B A B …, and compares what each round gives. Needs root.

  --case NAME   only this case (may be given more than once)
  -n ROUNDS     rounds of each contest, 30 unless given
  --idle MS     pause before each run, 100 unless given
  --json FILE   every sample, and the machine, into FILE`;

/**
 * @param {readonly string[]} argv
 * @param {readonly string[]} known names of cases
 * @returns {Arguments | undefined} none when help is wanted
 * @throws {Error} when they make no sense
 */
export function readArguments(argv, known) {
  const {values} = parseArgs({
    args: [...argv],
    options: {
      case: {type: 'string', multiple: true, default: []},
      rounds: {type: 'string', short: 'n', default: '30'},
      idle: {type: 'string', default: '100'},
      json: {type: 'string'},
      help: {type: 'boolean', short: 'h', default: false},
    },
  });
  if (values.help) return undefined;
  for (const name of values.case) {
    if (!known.includes(name)) throw new Error(`no case ${name}; there are ${known.join(', ')}`);
  }
  return {
    cases: values.case,
    rounds: wholeNumber('-n', values.rounds, 1),
    idleMs: wholeNumber('--idle', values.idle, 0),
    json: values.json === undefined ? undefined : resolve(values.json),
  };
}

/**
 * @param {string} flag
 * @param {string} text
 * @param {number} atLeast
 * @returns {number}
 */
function wholeNumber(flag, text, atLeast) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < atLeast) {
    throw new Error(`${flag} takes a whole number from ${atLeast} up, not ${text}`);
  }
  return value;
}
