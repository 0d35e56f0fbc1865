import {lastLine, runInTurn} from './measure/pair.mjs';
import {median, summarize} from './measure/statistics.mjs';
import {judge} from './report/section.mjs';

/**
 * @typedef {import('./measure/arena.mjs').MeasuringArena} Arena
 * @typedef {import('../arena/arena.mjs').Peer} Peer
 * @typedef {import('./measure/pair.mjs').Program} Program
 * @typedef {import('./measure/pair.mjs').Sample} Sample
 * @typedef {import('./report/section.mjs').Section} Section
 * @typedef {import('./report/section.mjs').Verdict} Verdict
 */

/**
 * A number made of one round's runs, by the names of who ran.
 * @typedef {object} Figure
 * @property {string} label
 * @property {readonly Peer[]} of
 * @property {(...milliseconds: number[]) => number} compute in the order of `of`
 * @property {number} [atMost]
 * @property {'wallMs' | 'cpuMs' | 'peakMb'} [measure] wall time unless said
 */

/**
 * @typedef {object} Contest
 * @property {string} title
 * @property {readonly Peer[]} peers run in this order in each round
 * @property {readonly string[]} command
 * @property {readonly Figure[]} figures
 * @property {number} [maxRounds] where the person's wish would take too long
 * @property {boolean} [sequence] each peer needs what the one before it has done
 * @property {number} [feedBytes] through the command, from a pipe and into a pipe
 */

/** @typedef {{peer: Peer, program: Program, version: string, note: string}} Entrant */

/**
 * Runs what there is of the peers in turn. One that cannot run is named with the reason and left
 * out, with the figures that need it.
 *
 * @param {Arena} arena
 * @param {Contest} contest
 * @returns {Promise<Section>}
 */
export async function holdContest(arena, contest) {
  /** @type {Map<Peer, string>} */
  const absent = new Map();
  /** @type {Entrant[]} */
  const entrants = [];
  for (const peer of contest.peers) {
    const entrant = await enter(arena, contest, peer);
    if (typeof entrant === 'string') absent.set(peer, entrant);
    else entrants.push(entrant);
  }
  if (contest.sequence) await probe(arena, contest, entrants, absent);
  const samples = await measure(arena, contest, entrants);
  return {
    title: contest.title,
    columns: ['', 'version', 'median ms', 'p25', 'p75', 'min', 'cpu ms', 'note'],
    rows: contest.peers.map((peer) => {
      const entrant = entrants.find((one) => one.peer === peer);
      const runs = samples.get(peer);
      if (!entrant || !runs) return [peer.name, '', '', '', '', '', '', absent.get(peer) ?? ''];
      return describe(entrant, runs);
    }),
    verdicts: contest.figures.map((figure) => decide(figure, samples, absent)),
    samples: Object.fromEntries([...samples].map(([peer, runs]) => [peer.name, runs])),
  };
}

/**
 * Opens a tool and lets it run twice, unmeasured: caches are warm then, and it is known to work. In a
 * sequence that is done later, for all together.
 *
 * @param {Arena} arena
 * @param {Contest} contest
 * @param {Peer} peer
 * @returns {Promise<Entrant | string>} a string says why not
 */
async function enter(arena, {command, sequence = false, feedBytes = 0}, peer) {
  try {
    const tool = await arena.open(peer);
    const argv = await tool.argv(command, {stdin: feedBytes > 0});
    const file = await tool.descriptor3?.(command);
    const program = {argv, ...(file !== undefined && {descriptor3: file})};
    const twice = {rounds: 2, idleMs: 0, feedBytes: Math.min(feedBytes, 1 << 20)};
    if (!sequence) await runInTurn(arena.pair, [program], {...twice, scratch: arena.scratch});
    return {peer, program, version: tool.version, note: tool.note ?? ''};
  } catch (error) {
    return lastLine(error);
  }
}

/**
 * Runs a whole sequence twice, unmeasured. Where it fails there is nothing to measure.
 *
 * @param {Arena} arena
 * @param {Contest} contest
 * @param {Entrant[]} entrants
 * @param {Map<Peer, string>} absent
 */
async function probe({pair, scratch}, {peers}, entrants, absent) {
  try {
    const programs = entrants.map(({program}) => program);
    await runInTurn(pair, programs, {rounds: 2, idleMs: 0, scratch});
  } catch (error) {
    for (const peer of peers) absent.set(peer, absent.get(peer) ?? lastLine(error));
    entrants.length = 0;
  }
}

/**
 * @param {Arena} arena
 * @param {Contest} contest
 * @param {readonly Entrant[]} entrants
 * @returns {Promise<Map<Peer, Sample[]>>}
 */
async function measure(arena, {maxRounds = arena.rounds, feedBytes = 0}, entrants) {
  if (entrants.length === 0) return new Map();
  const samples = await runInTurn(
    arena.pair,
    entrants.map(({program}) => program),
    {
      rounds: Math.min(maxRounds, arena.rounds),
      idleMs: arena.idleMs,
      feedBytes,
      scratch: arena.scratch,
    },
  );
  return new Map(entrants.map(({peer}, i) => [peer, samples[i] ?? []]));
}

/**
 * @param {Entrant} entrant
 * @param {readonly Sample[]} runs
 * @returns {string[]}
 */
function describe({peer, version, note}, runs) {
  const wall = summarize(runs.map(({wallMs}) => wallMs));
  const cpuMs = median(runs.map((run) => run.cpuMs));
  const numbers = [wall.median, wall.p25, wall.p75, wall.min, cpuMs];
  return [peer.name, version, ...numbers.map((value) => value.toFixed(2)), note];
}

/**
 * Median over the rounds of what each round gives: what slows the machine slows a whole round.
 *
 * @param {Figure} figure
 * @param {ReadonlyMap<Peer, readonly Sample[]>} samples
 * @param {ReadonlyMap<Peer, string>} absent
 * @returns {Verdict}
 */
function decide({label, of, compute, atMost, measure = 'wallMs'}, samples, absent) {
  const target = atMost === undefined ? {} : {target: `≤ ${atMost}`};
  const missing = of.filter((peer) => absent.has(peer));
  if (missing.length > 0) {
    const ours = missing.some((peer) => peer.ours === true);
    const names = missing.map(({name}) => name).join(', ');
    return {label, ...target, measured: `without ${names}`, status: 'not measured', ours};
  }
  const columns = of.map((peer) => (samples.get(peer) ?? []).map((run) => run[measure]));
  const rounds = columns[0]?.map((_, round) => columns.map((column) => column[round] ?? NaN)) ?? [];
  const {median: value, p25, p75} = summarize(rounds.map((round) => compute(...round)));
  const atMinimum = compute(...columns.map((column) => Math.min(...column)));
  const spread = `p25 ${p25.toFixed(3)}, p75 ${p75.toFixed(3)}, of minima ${atMinimum.toFixed(3)}`;
  return {
    label,
    ...target,
    measured: `${value.toFixed(3)} (${spread})`,
    status: judge(value, atMost),
  };
}
