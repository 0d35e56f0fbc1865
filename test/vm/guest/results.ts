/** One check of the guest's, as it reported it. */
export interface Outcome {
  readonly name: string;
  readonly seconds: number;
  /** Empty: it holds. */
  readonly failure: string;
}

/** Reads what a guest's checks print on its console. */
export class Results {
  readonly outcomes: Outcome[] = [];
  #planned: number | undefined;
  #console: string[] = [];

  /** @returns the outcome that the line tells of */
  read(line: string): Outcome | undefined {
    const planned = /^CHECKS (\d+)$/.exec(line);
    if (planned !== null) this.#planned = Number(planned[1]);
    const told = /^CHECK (?:ok|failed) (\d+) ("(?:[^"\\]|\\.)*") (".*")$/.exec(line);
    if (told === null) {
      this.#console.push(line);
      return undefined;
    }
    const [, ms, name = '""', failure = '""'] = told;
    const outcome = {
      name: JSON.parse(name),
      seconds: Number(ms) / 1000,
      failure: JSON.parse(failure),
    };
    this.outcomes.push(outcome);
    return outcome;
  }

  get haveFailures(): boolean {
    return this.outcomes.some(({failure}) => failure !== '');
  }

  /** What is wrong with the run as a whole; empty: every check that was planned has told its outcome. */
  problem(ending: string | undefined): string {
    const told = this.outcomes.length;
    if (ending === undefined && this.#planned === told) return '';
    const counts = `${told} of ${this.#planned ?? 'an unknown number of'} checks were run`;
    return [ending, counts, this.endOfConsole()].join('\n');
  }

  /** The last lines that told of no outcome. */
  endOfConsole(): string {
    return ['its console:', ...this.#console.slice(-40)].join('\n');
  }
}
