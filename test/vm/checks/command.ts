import {type ChildProcess, spawn} from 'node:child_process';
import type {Person} from './people.ts';

export interface Result {
  /** The exit code, or the name of the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly process: ChildProcess;
  /** Types a line. */
  readonly write: (line: string) => void;
  /** Waits until it has printed a text. */
  readonly printed: (text: string) => Promise<void>;
  readonly result: Promise<Result>;
}

const timeoutMs = 60_000;
const started = new Set<ChildProcess>();

/** For checks that failed halfway: what they had started. */
export function endStarted(): void {
  for (const child of started) child.kill('SIGKILL');
}

/** `minicontainer WORDS…` as somebody, to its end. */
export function minicontainer(person: Person, words: readonly string[]): Promise<Result> {
  const running = start(person, ['minicontainer', ...words]);
  running.process.stdin?.end();
  return running.result;
}

/** Any command as somebody, with a pipe for each stream. */
export function start(person: Person, command: readonly string[]): Running {
  const {name, uid, home, through = []} = person;
  const [program = '', ...words] = [...through, ...command];
  const ids = through.length > 0 ? {} : {uid, gid: uid};
  const child = spawn(program, words, {
    cwd: home,
    env: {PATH: '/srv/bin:/usr/sbin:/usr/bin', HOME: home, USER: name, LOGNAME: name, TERM: 'dumb'},
    ...ids,
  });
  const output = {stdout: '', stderr: ''};
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      child.emit('printed');
    });
  }
  child.stdin.on('error', () => {});
  started.add(child);
  const result = new Promise<Result>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      // What it has started may hold on to its pipes.
      started.delete(child);
      resolve({status: `not ended after ${timeoutMs / 1000} s`, ...output});
    }, timeoutMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      started.delete(child);
      resolve({status: code ?? String(signal), ...output});
    });
  });
  return {
    process: child,
    result,
    write: (line) => child.stdin.write(`${line}\n`),
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => output.stdout.includes(text) && resolve();
        child.on('printed', look);
        child.once('close', () =>
          reject(new Error(`ended without printing ${text}: ${JSON.stringify(output)}`)),
        );
        look();
      }),
  };
}

/** What a script printed as lines `name=value`, by name. */
export function parseFacts({status, stdout, stderr}: Result): Readonly<Record<string, string>> {
  if (status !== 0) throw new Error(`ended with ${status}: ${stdout}${stderr}`);
  const facts: Record<string, string> = {};
  for (const line of stdout.replaceAll('\r', '').trimEnd().split('\n')) {
    const at = line.indexOf('=');
    facts[line.slice(0, at)] = line.slice(at + 1);
  }
  return facts;
}
