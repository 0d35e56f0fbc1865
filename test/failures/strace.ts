import {type ChildProcess, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';

const pauseMs = 2;

/** A strace at work on processes that stand still, and on what they will start. */
export class Strace {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #problems = '';

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#ended = new Promise((resolve) => process.once('close', () => resolve()));
    process.stderr?.on('data', (chunk) => {
      this.#problems += String(chunk);
    });
  }

  /** @param expressions what `-e` takes */
  static async attach(
    pids: number | readonly number[],
    log: string,
    expressions: readonly string[],
    follow: boolean,
  ): Promise<Strace> {
    const all = [pids].flat();
    const words = [
      ...expressions.flatMap((expression) => ['-e', expression]),
      ...all.flatMap((pid) => ['-p', String(pid)]),
    ];
    const strace = new Strace(
      spawn('strace', ['-qq', ...(follow ? ['-f'] : []), '-o', log, ...words], {
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
    while (all.some(isUntraced)) {
      if (strace.#problems !== '') throw new Error(strace.#problems);
      // What it was put on has ended by the first failure.
      if (strace.#process.exitCode !== null) break;
      await sleep(pauseMs);
    }
    return strace;
  }

  /** Lets go of all. Killed, as its own way of letting go makes the stopped run. */
  async detach(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  /** Until all that it traces has ended; then its log is complete. */
  async finish(): Promise<void> {
    await this.#ended;
  }
}

function isUntraced(pid: number): boolean {
  return /^TracerPid:\t0$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** Until a process stands still, by a signal of its own. */
export async function untilStopped(pid: number): Promise<void> {
  await until(() => /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(pauseMs);
}
