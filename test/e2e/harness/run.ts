import {type ChildProcess, spawn} from 'node:child_process';
import {dirname, join} from 'node:path';
import type {Writable} from 'node:stream';
import {inject} from 'vitest';
import {Output} from './output.ts';
import {type Person, someone} from './people.ts';
import {roomOf} from './room.ts';

export interface RunOptions {
  /** Who runs it; unless said, root where that is possible. */
  readonly as?: Person;
  /** `open`: the test writes and closes it. Unless said: nothing. */
  readonly stdin?: {readonly text: string | Buffer} | number | 'nothing' | 'open';
  /** A descriptor in place of the socket that the result is read from. */
  readonly stdout?: number;
  readonly stderr?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

export interface Result {
  /** The exit code, or the name of the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. Its pid stays that of the supervisor. */
export interface Started {
  readonly pid: number;
  readonly process: ChildProcess;
  readonly stdin: Writable;
  readonly result: Promise<Result>;
  /** Waits until it has printed a text, on stdout or stderr; returns what it has printed. */
  readonly printed: (text: string) => Promise<string>;
}

const defaultTimeoutMs = 20_000;
const running = new Set<ChildProcess>();

/** For tests that failed halfway: what they had started. */
export function endStarted(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** `minicontainer run WORDS…`, to its end. */
export function run(words: readonly string[], options: RunOptions = {}): Promise<Result> {
  return minicontainer(['run', ...words], options);
}

/** `minicontainer WORDS…`, to its end. */
export function minicontainer(words: readonly string[], options: RunOptions = {}): Promise<Result> {
  return start(words, options).result;
}

/** `minicontainer WORDS…`, running. */
export function start(words: readonly string[], options: RunOptions = {}): Started {
  return launch(binPath(), words, options);
}

/** A line of bash, with minicontainer in its PATH; `pipefail` is on. */
export function shell(script: string, options: RunOptions = {}): Promise<Result> {
  return launch('bash', ['-o', 'pipefail', '-c', script], options).result;
}

/** Any program, in a person's room. */
export function launch(
  program: string,
  words: readonly string[],
  options: RunOptions = {},
): Started {
  const {as = someone, stdin = 'nothing', timeoutMs = defaultTimeoutMs} = options;
  const child = spawn(program, words, {
    cwd: options.cwd ?? roomOf(as).work,
    env: {...environmentOf(as), ...options.env},
    stdio: [
      stdin === 'nothing' ? 'ignore' : typeof stdin === 'number' ? stdin : 'pipe',
      options.stdout ?? 'pipe',
      options.stderr ?? 'pipe',
    ],
    ...(as.uid === process.getuid?.() ? {} : {uid: as.uid, gid: as.gid}),
  });
  running.add(child);
  const output = new Output(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const result = new Promise<Result>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({status: code ?? String(signal), ...output.text()});
    });
  });
  // The command may end without reading what it is given.
  child.stdin?.on('error', () => {});
  if (typeof stdin === 'object') child.stdin?.end(stdin.text);
  return {
    pid: child.pid ?? -1,
    process: child,
    get stdin() {
      if (child.stdin === null) throw new Error('stdin is not open');
      return child.stdin;
    },
    result,
    printed: (text) => output.printed(text),
  };
}

/** The environment that a person starts a program with. */
export function environmentOf(person: Person): NodeJS.ProcessEnv {
  const room = roomOf(person);
  return {
    PATH: [dirname(binPath()), dirname(process.execPath), '/usr/bin:/bin:/usr/sbin:/sbin'].join(
      ':',
    ),
    HOME: room.home,
    USER: person.name,
    LOGNAME: person.name,
    LANG: 'C.UTF-8',
    TMPDIR: room.tmp,
    MINICONTAINER_ROOT: room.state,
    MINICONTAINER_CACHE: join(inject('installed'), 'cache', person.name),
  };
}

export function binPath(): string {
  return join(inject('installed'), 'bin/minicontainer');
}

export function nsexecPath(): string {
  return join(inject('installed'), 'native/nsexec/build/nsexec');
}
