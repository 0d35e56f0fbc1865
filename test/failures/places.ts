import {type Call, callNames, type Process, processOf} from './calls.ts';
import type {ListedOperation} from './rehearsal.ts';

/** The calls of a run, and which operation each of them turned out to belong to. */
export class Places {
  readonly #calls: readonly Call[];
  readonly #operationCount: number;
  readonly #tried = new Map<Call, number | undefined>();

  constructor(calls: readonly Call[], operationCount: number) {
    this.#calls = calls;
    this.#operationCount = operationCount;
  }

  /** Tells what the failure of a call was reported as; past the last operation, it was none's. */
  rule(call: Call, index: number | undefined): void {
    const isOperation = index !== undefined && index < this.#operationCount;
    this.#tried.set(call, isOperation ? index : undefined);
  }

  /** The likeliest call of an operation; undefined when it is known or there is none left. */
  guess(operation: ListedOperation): Call | undefined {
    const own = this.#callsOf(processOf(operation.stage));
    // What has a fallback must fail by what it is there for, which nobody else does.
    const names = callNames(operation.else > 0 ? operation.syscalls.slice(-1) : operation.syscalls);
    const known = own.map((call) => this.#tried.get(call));
    if (known.includes(operation.index)) return undefined;
    const from = known.findLastIndex((index) => index !== undefined && index < operation.index);
    const until = known.findIndex((index) => index !== undefined && index > operation.index);
    const candidates = own
      .slice(from + 1, until < 0 ? undefined : until)
      .filter((call) => names.includes(call.name) && !this.#tried.has(call));
    const words = Object.values(operation.args).filter((value) => typeof value === 'string');
    const told = candidates.find(({text}) =>
      words.some((word) => word !== '' && text.includes(`${word.slice(-24)}"`)),
    );
    // How often the supervisor polls differs from run to run; the first time is in each.
    if (told !== undefined || operation.stage === 'ending') return told ?? candidates[0];
    const [low, high] = [known[from] ?? -1, known[until] ?? this.#operationCount];
    const share = (operation.index - low - 1) / (high - low - 1);
    return candidates[Math.floor(share * candidates.length)];
  }

  /** What the supervisor did before its last execve, and the container after it, was somebody else. */
  #callsOf(process: Process): readonly Call[] {
    const own = this.#calls.filter((call) => call.process === process);
    const isExecve = ({name}: Call) => name.startsWith('execve');
    if (process === 'supervisor') return own.slice(own.findLastIndex(isExecve) + 1);
    const end = own.findIndex(isExecve);
    return end < 0 ? own : own.slice(0, end + 1);
  }
}
