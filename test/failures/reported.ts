import {expect} from 'vitest';
import type {Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {type Result, run, start} from '../e2e/harness/run.ts';
import {applyTo} from './injection.ts';
import {watchHost} from './left.ts';
import {type ListedOperation, listOperations, Rehearsal} from './rehearsal.ts';
import {type Found, Search} from './search.ts';
import {stoppingNsexec} from './stopping.ts';

/** Operations that no failure can be injected into, and why. */
const unfailing: Readonly<Record<string, string>> = {
  setUmask: 'umask(2) always succeeds',
};

/** What a person is told, where it is not what the operation does. */
const ownWords: Readonly<Record<string, RegExp>> = {
  makeCgroup: /cannot make the cgroup minicontainer-[0-9a-f]{64}: EIO in /,
  writeCgroup: /the kernel refuses .* for .*: EIO; /,
  cloneKeeper: /the host allows no new user namespace: EIO/,
  runMapper: /refused the id map: EIO/,
  connectListener: /nobody listens for the filter of system calls at .*: EIO/,
  idmapMount: /owners of .* cannot be shifted: EIO/,
  setUser:
    /(cannot become the container's user|is not among the ids that the container has).*: EIO/,
  changeDirectory: /the working directory .* cannot be used: EIO/,
  execute: /\/bin\/\w+ cannot be executed: EIO/,
};

const mostOfAKind = process.env.MINICONTAINER_TEST_LONG === '1' ? Number.POSITIVE_INFINITY : 6;

/** What distinguishes operations from others of their kind. */
export type Known = ReadonlySet<string>;

/** The operations of a run that another test looks after. */
export async function knownFrom(person: Person, words: readonly string[]): Promise<Known> {
  return new Set((await listOperations(person, words)).map(keyOf));
}

/**
 * Makes the operations of a run fail, a few of each kind, but those that are known already: nsexec must
 * report it with the injected errno, and leave nothing; and, once for each kind of operation, the command
 * must tell it.
 */
export async function checkFailures(
  person: Person,
  words: readonly string[],
  known: Known = new Set(),
): Promise<void> {
  const operations = await listOperations(person, words);
  const wanted = fewOfEachKind(
    operations.filter(
      (operation) => !known.has(keyOf(operation)) && unfailing[operation.op] === undefined,
    ),
  );
  const rehearsal = await Rehearsal.of(person, words);
  rehearsal.clear();
  const look = watchHost(person);
  const {found, missed, problems} = await new Search(rehearsal, operations, look).run(wanted);
  rehearsal.clear();
  const told = [];
  for (const one of firstOfEachKind(found, operations, known)) {
    told.push(...(await checkTelling(person, words, one)));
    told.push(...(await look()).map((line) => `${one.operation.op} ${line}`));
  }
  expect({missed: missed.map(describe), problems, told}).toEqual({
    missed: [],
    problems: [],
    told: [],
  });
}

/** A plan has many mounts, devices, masks and hierarchies: one of them fails as the others do. */
function fewOfEachKind(operations: readonly ListedOperation[]): readonly ListedOperation[] {
  const counts = new Map<string, number>();
  return operations.filter(({op, stage}) => {
    const count = (counts.get(`${op} ${stage}`) ?? 0) + 1;
    counts.set(`${op} ${stage}`, count);
    return count <= mostOfAKind;
  });
}

/** What `minicontainer run` prints and exits with; what is wrong with it, one line each. */
async function checkTelling(person: Person, words: readonly string[], {operation, apart}: Found) {
  const {op, does, stage} = operation;
  const {status, stderr} = await runFailing(person, words, {apart});
  const expected = op === 'execute' ? 126 : 125;
  const message = ownWords[op] ?? new RegExp(`^minicontainer: cannot ${quote(does)}.*: EIO `);
  const problems = [
    ...(status === expected ? [] : [`${op}: exit code ${status}`]),
    ...(message.test(stderr) && /^minicontainer: .*\n(hint: .*\n)?$/.test(stderr)
      ? []
      : [`${op}: ${stderr}`]),
  ];
  if (stage !== 'ending' && stage !== 'vacate') return problems;
  // The next run sweeps what a failed cleanup has left.
  const next = await run(words, {as: person});
  return next.status === 0 ? problems : [...problems, `after ${op}: ${next.stderr}`];
}

/** `minicontainer run WORDS…` with a failure. */
async function runFailing(
  person: Person,
  words: readonly string[],
  {apart}: Pick<Found, 'apart'>,
): Promise<Result> {
  const nsexec = stoppingNsexec(person);
  const started = start(['run', ...words], {as: person, env: {MINICONTAINER_NSEXEC: nsexec}});
  const strace = await applyTo(started.pid, apart, roomOf(person).work);
  const result = await started.result;
  await strace.finish();
  return result;
}

function firstOfEachKind(
  found: readonly Found[],
  operations: readonly ListedOperation[],
  known: Known,
): Found[] {
  const old = operations.filter((operation) => known.has(keyOf(operation))).map(({op}) => op);
  const seen = new Set<string>(old);
  return found.filter(({operation: {op}}) => !seen.has(op) && seen.add(op));
}

/** Rooms differ from test to test. */
function keyOf({op, stage, args}: ListedOperation): string {
  return JSON.stringify([op, stage, args]).replaceAll(/\/tmp\/minicontainer-e2e-\w+/g, '');
}

function describe({index, op, args}: ListedOperation): string {
  return `${index} ${op} ${JSON.stringify(args)}`;
}

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
