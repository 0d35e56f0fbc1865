import {type ChildProcess, spawn} from 'node:child_process';
import type {Writable} from 'node:stream';
import {Output} from '../../e2e/harness/output.ts';

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** `open`: the test writes and closes it. Unless said: at its end from the start. */
  readonly stdin?: string | Buffer | 'open';
  readonly timeoutMs?: number;
}

export interface Result {
  /** The exit code, or the name of the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. */
export interface Running {
  readonly process: ChildProcess;
  readonly stdin: Writable;
  readonly result: Promise<Result>;
  /** Waits until it has printed a text, on stdout or stderr; returns what it has printed. */
  readonly printed: (text: string) => Promise<string>;
}

const defaultTimeoutMs = 40_000;

/** A program to its end. */
export function execute(argv: readonly string[], options: CommandOptions = {}): Promise<Result> {
  return start(argv, options).result;
}

/** The same, for what prepares and cleans up: what it printed, without the last line's end. */
export async function succeed(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const {status, stdout, stderr} = await execute(argv, options);
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${status}: ${stdout}${stderr}`);
  return stdout.trimEnd();
}

/** A program, running. */
export function start(argv: readonly string[], options: CommandOptions = {}): Running {
  const {stdin, timeoutMs = defaultTimeoutMs, ...rest} = options;
  const [file = '', ...words] = argv;
  // A pipe in any case: runtimes give what they are given as a stream to the container's user.
  const child = spawn(file, words, {...rest, stdio: ['pipe', 'pipe', 'pipe']});
  const output = new Output(child);
  const result = new Promise<Result>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      // What it has started may hold its streams open, and they would never close.
      const said = Object.values(output.text()).join('');
      reject(new Error(`${argv.join(' ')}: not at its end after ${timeoutMs} ms: ${said}`));
    }, timeoutMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({status: code ?? String(signal), ...output.text()});
    });
  });
  result.catch(() => {});
  // The command may end without reading what it is given.
  child.stdin.on('error', () => {});
  if (stdin !== 'open') child.stdin.end(stdin);
  return {
    process: child,
    stdin: child.stdin,
    result,
    printed: (text) => output.printed(text),
  };
}
