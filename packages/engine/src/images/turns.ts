/** As many at once as there are; who comes first is served first. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<Turn> {
    await this.#next();
    return {
      pause: async (until) => {
        this.#pass();
        await until().finally(() => this.#next());
      },
      [Symbol.asyncDispose]: async () => this.#pass(),
    };
  }

  async #next(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

export interface Turn extends AsyncDisposable {
  /** Lets others work until something has come. */
  pause(until: () => Promise<unknown>): Promise<void>;
}
