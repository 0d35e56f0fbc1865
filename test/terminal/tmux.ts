import {execFile} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

/** Whose shell it is, and what it starts with. */
export interface Surroundings {
  readonly uid: number;
  readonly gid: number;
  readonly environment: NodeJS.ProcessEnv;
  /** The working directory; the server's socket and the shell's start-up file are put there as well. */
  readonly directory: string;
}

/** The prompt of the user's own shell; a program that was killed may not have ended its line. */
export const hostPrompt = /host>$/;
/** The prompt of a shell in a container, whose host name is the start of its id. */
export const containerPrompt = /^(root@[0-9a-f]{12}:\S*#|bash-[0-9.]+[#$])$/;

const pollMs = 20;
const defaultPatienceMs = 15_000;
const opened = new Set<Terminal>();

/** After each test: no server may outlive it, whatever went wrong. */
export async function closeTerminals(): Promise<void> {
  await Promise.all([...opened].map((terminal) => terminal.close()));
}

/** A person at a real terminal, in an interactive shell: a window of a tmux server of its own. */
export class Terminal {
  readonly #surroundings: Surroundings;

  private constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  static async open(surroundings: Surroundings): Promise<Terminal> {
    const terminal = new Terminal(surroundings);
    const startUp = join(surroundings.directory, '.bashrc');
    writeFileSync(startUp, "PS1='host> '; unset HISTFILE\n");
    opened.add(terminal);
    const shell = ['bash', '--rcfile', startUp, '-i'];
    await terminal.#tmux('-f', '/dev/null', 'new-session', '-d', '-x80', '-y24', '--', ...shell);
    await terminal.prompted(hostPrompt);
    return terminal;
  }

  /** Ends the server, and so all that runs in it. */
  async close(): Promise<void> {
    if (opened.delete(this)) await this.#tmux('kill-server');
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', '--', text);
  }

  /** Presses keys by their names: `C-c`, `Enter`, `Escape`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', '--', ...keys);
  }

  /** Types a line. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }

  /** Pastes a file as it is, byte by byte. */
  async paste(path: string): Promise<void> {
    await this.#tmux('load-buffer', path);
    await this.#tmux('paste-buffer', '-r', '-d');
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', `-x${columns}`, `-y${rows}`);
  }

  /** What a person sees, without empty lines at the end. */
  async screen(...flags: readonly string[]): Promise<string[]> {
    const shown = await this.#tmux('capture-pane', '-p', '-J', ...flags);
    return shown
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd());
  }

  /** Waits until some line is like that. */
  async shows(pattern: RegExp, patienceMs?: number): Promise<void> {
    await this.#until(`a line like ${pattern}`, patienceMs, (screen) =>
      screen.some((line) => pattern.test(line)),
    );
  }

  /** Waits until the last line is a prompt. */
  async prompted(prompt: RegExp, patienceMs?: number): Promise<void> {
    await this.#until(`the prompt ${prompt}`, patienceMs, (screen) =>
      prompt.test(screen.at(-1) ?? ''),
    );
  }

  /** At a prompt: empties the screen, then lets the shell show its prompt again. */
  async clear(): Promise<void> {
    await this.#tmux('send-keys', '-R', 'C-l');
    await this.#until('a prompt alone', undefined, (screen) => screen.join('') !== '');
    await this.#tmux('clear-history');
  }

  /** At a prompt: types a line and waits for the next prompt. What was printed between. */
  async ask(line: string, next = /^(host>|root@[0-9a-f]{12}:\S*#)$/): Promise<string[]> {
    await this.clear();
    await this.enter(line);
    const answered = (screen: readonly string[]) =>
      screen.length > 1 && next.test(screen.at(-1) ?? '');
    await this.#until(`an answer to ${line}`, undefined, answered);
    return (await this.screen('-S-')).slice(1, -1);
  }

  /** All of the terminal but its size, as its user's shell lets other programs find it. */
  async modes(): Promise<string> {
    const told = (await this.ask('stty -a')).join(' ');
    return told.replace(/rows \d+; columns \d+; /, '').replaceAll(/\s+/g, ' ');
  }

  /** Whether its cursor is to be seen. */
  async showsCursor(): Promise<boolean> {
    return (await this.#tmux('display-message', '-p', '#{cursor_flag}')).trim() === '1';
  }

  /** The pid of the user's shell. */
  async shellPid(): Promise<number> {
    return Number(await this.#tmux('display-message', '-p', '#{pane_pid}'));
  }

  async #until(
    what: string,
    patienceMs = defaultPatienceMs,
    holds: (screen: readonly string[]) => boolean,
  ): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const screen = await this.screen();
      if (holds(screen)) return;
      if (performance.now() > deadline) {
        throw new Error(`the terminal does not show ${what}, but:\n${screen.join('\n')}`);
      }
      await sleep(pollMs);
    }
  }

  #tmux(...words: readonly string[]): Promise<string> {
    const {uid, gid, environment, directory} = this.#surroundings;
    const own = uid === process.getuid?.() ? {} : {uid, gid};
    const options = {...own, env: environment, cwd: directory, encoding: 'utf8'} as const;
    return new Promise((resolve, reject) => {
      execFile('tmux', ['-S', join(directory, 'tmux'), ...words], options, (error, stdout) =>
        error === null ? resolve(stdout) : reject(error),
      );
    });
  }
}
