import type {ChildProcess} from 'node:child_process';
import type {Readable} from 'node:stream';

/** What a process prints, as it comes. */
export class Output {
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;

  constructor(child: ChildProcess) {
    this.#collect(child.stdout, this.#stdout);
    this.#collect(child.stderr, this.#stderr);
    child.once('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  text(): {stdout: string; stderr: string} {
    return {
      stdout: Buffer.concat(this.#stdout).toString('utf8'),
      stderr: Buffer.concat(this.#stderr).toString('utf8'),
    };
  }

  async printed(text: string): Promise<string> {
    for (;;) {
      const {stdout, stderr} = this.text();
      if ((stdout + stderr).includes(text)) return stdout + stderr;
      if (this.#ended) throw new Error(`ended without printing ${text}: ${stdout}${stderr}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #collect(stream: Readable | null, chunks: Buffer[]): void {
    stream?.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      this.#wake();
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
