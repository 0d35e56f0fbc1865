import {constants} from 'node:os';
import type {Stage} from '@minicontainer/plan';
import {callNames} from './calls.ts';
import {type Injection, injectionsAt} from './injection.ts';
import {Places} from './places.ts';
import type {ListedOperation, Outcome, Rehearsal} from './rehearsal.ts';

/** No operation tolerates it. */
export const injectedErrno = 'EIO';

/** An operation that was seen to fail. */
export interface Found {
  readonly operation: ListedOperation;
  /** What made it: its own call first, then what had to fail for it to be reached. */
  readonly injections: readonly Injection[];
  /** The same without a strace on the supervisor, unless the operation is the supervisor's. */
  readonly apart: readonly Injection[];
}

export interface SearchResult {
  readonly found: readonly Found[];
  /** Those that nothing made fail. */
  readonly missed: readonly ListedOperation[];
  /** Failures that were not reported as they should be, or left something; one line each. */
  readonly problems: readonly string[];
}

/** What a performance has left, one line each. */
type Look = () => Promise<readonly string[]>;

/**
 * Makes each of the wanted operations fail by one of the system calls that it lists. Which of the calls in
 * a log is an operation's own only a failure tells; as a process performs its operations in order, each
 * failure narrows the place of those before and after it.
 */
export class Search {
  readonly #rehearsal: Rehearsal;
  readonly #operations: readonly ListedOperation[];
  readonly #look: Look;
  readonly #found = new Map<number, Found>();
  readonly #problems: string[] = [];

  constructor(rehearsal: Rehearsal, operations: readonly ListedOperation[], look: Look) {
    this.#rehearsal = rehearsal;
    this.#operations = operations;
    this.#look = look;
  }

  async run(wanted: readonly ListedOperation[]): Promise<SearchResult> {
    await this.#searchWith([], wanted);
    for (const decider of this.#operations.filter((operation) => operation.else > 0)) {
      const fallback = this.#operations.slice(decider.index + 1, decider.index + 1 + decider.else);
      const missing = fallback.filter(
        (operation) => wanted.includes(operation) && !this.#found.has(operation.index),
      );
      if (missing.length > 0) await this.#searchFallback(decider, missing);
    }
    return {
      found: wanted.flatMap(({index}) => this.#found.get(index) ?? []),
      missed: wanted.filter(({index}) => !this.#found.has(index)),
      problems: this.#problems,
    };
  }

  /** What runs only after an operation's tolerated failure is reached by that failure. */
  async #searchFallback(decider: ListedOperation, wanted: readonly ListedOperation[]) {
    // Another's search may have hit it by a call that others make as well.
    const own = callNames(decider.syscalls.slice(-1));
    const known = this.#found.get(decider.index)?.injections[0]?.name;
    if (known === undefined || !own.includes(known)) {
      this.#found.delete(decider.index);
      await this.#searchWith([], [decider]);
    }
    const injection = this.#found.get(decider.index)?.injections[0];
    const [tolerated] = decider.optional;
    if (injection === undefined || tolerated === undefined) return;
    await this.#searchWith([{...injection, errno: tolerated}], wanted);
  }

  async #searchWith(before: readonly Injection[], wanted: readonly ListedOperation[]) {
    const {calls, report} = await this.#perform(before);
    if (report !== undefined) {
      this.#problems.push(`without a failure of ours it fails: ${JSON.stringify(report)}`);
      return;
    }
    const places = new Places(calls, this.#operations.length);
    for (const operation of wanted) {
      for (let call = places.guess(operation); call; call = places.guess(operation)) {
        const ways = injectionsAt(call, calls, injectedErrno);
        const injection = ways[0];
        if (injection === undefined || before.some(({name}) => name === injection.name)) {
          places.rule(call, undefined);
          continue;
        }
        const injections = [injection, ...before];
        const outcome = await this.#perform(injections);
        places.rule(call, outcome.report?.index);
        const failed = this.#judge(injection, outcome);
        if (failed !== undefined && !this.#found.has(failed.index)) {
          const apart = [ways.at(-1) ?? injection, ...before];
          this.#found.set(failed.index, {operation: failed, injections, apart});
        }
      }
    }
  }

  /** The operation that failed, where it was reported as it should be. */
  #judge({name, nth, scope}: Injection, {status, report}: Outcome): ListedOperation | undefined {
    const what = `${name} number ${nth} (${scope})`;
    if (status === undefined) this.#problems.push(`${what}: does not end`);
    // Tolerated, or of use to nobody.
    if (report === undefined && status === 0) return undefined;
    if (report === undefined) {
      this.#problems.push(`${what}: not reported, exits with ${status}`);
      return undefined;
    }
    // The plan could not be read: then no operation has failed.
    if (report.index >= this.#operations.length) return undefined;
    const operation = this.#operations[report.index];
    if (operation === undefined || !callNames(operation.syscalls).includes(name)) {
      this.#problems.push(`${what}: reported as ${operation?.op ?? report.index}`);
    } else if (report.errno !== constants.errno[injectedErrno] || status !== 125) {
      this.#problems.push(`${what}: ${operation.op} reports ${report.errno}, exits with ${status}`);
    } else {
      return operation;
    }
    return undefined;
  }

  async #perform(injections: readonly Injection[]): Promise<Outcome> {
    const outcome = await this.#rehearsal.perform(injections);
    const failed = outcome.report && this.#operations[outcome.report.index];
    const [cause] = injections;
    // A cleanup that fails leaves what the next run sweeps, and so does a plan that cannot be read. Whoever
    // cleans up may make as many of these calls as the operation that was to fail.
    const hitsCleanup = cause?.name === 'openat2' || isCleanup(failed?.stage);
    if (outcome.report !== undefined && hitsCleanup) this.#rehearsal.clear();
    const left = await this.#look();
    this.#problems.push(...left.map((line) => `${cause?.name} number ${cause?.nth}: ${line}`));
    return outcome;
  }
}

function isCleanup(stage: Stage | undefined): boolean {
  return stage === undefined || stage === 'ending' || stage === 'vacate';
}
