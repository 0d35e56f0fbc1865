import {type ChildProcess, spawn} from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {afterEach, beforeEach, expect, inject} from 'vitest';
import {type Config, config, makeRootfs, writeConfig} from './bundle.ts';
import {cgroupsOf, mountsOf, processesOf} from './left.ts';

export interface Result {
  /** The exit code, or the name of the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  /** Its descriptors, from 0 on: an end that is ours, or a number. Unless said, an empty pipe and files. */
  readonly stdio?: readonly (number | 'pipe' | 'inherit')[];
  readonly timeoutMs?: number;
}

/** A program that runs; its result is there when it has ended itself, whoever keeps its streams. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly result: Promise<Result>;
}

const defaultTimeoutMs = 20_000;
let count = 0;

/** The directories of one test: bundles, what the runtime keeps, and what it prints. */
export class Room {
  readonly path: string;
  /** For `--root`. */
  readonly root: string;
  readonly bundle: string;
  readonly uid: number;
  readonly #running = new Set<ChildProcess>();

  constructor(uid = 0) {
    this.path = mkdtempSync(join(tmpdir(), 'minicontainer-oci-'));
    this.uid = uid;
    this.root = join(this.path, 'root');
    this.bundle = join(this.path, 'bundle');
    mkdirSync(this.bundle);
    makeRootfs(join(this.bundle, 'rootfs'));
    chmodSync(this.path, 0o755);
    if (uid !== 0) chownSync(this.path, uid, uid);
  }

  /** A container's, and so its cgroup's. Others begin with it. */
  get id(): string {
    return basename(this.path);
  }

  /** Writes the bundle: a container that executes a line of sh. */
  write(command: string, more: Config = {}): void {
    writeConfig(this.bundle, config(command, this.path, more));
  }

  /** The runtime's command line. */
  words(words: readonly string[]): string[] {
    return [runtimePath(), '--root', this.root, ...words];
  }

  oci(words: readonly string[], options: Options = {}): Promise<Result> {
    const [program = '', ...rest] = this.words(words);
    return this.launch(program, rest, options).result;
  }

  /** The same, which must succeed. */
  async must(words: readonly string[], options: Options = {}): Promise<string> {
    const {status, stdout, stderr} = await this.oci(words, options);
    if (status !== 0) throw new Error(`${words.join(' ')}: ${status}: ${stderr}`);
    return stdout;
  }

  create(id = this.id, options: Options = {}): Promise<Result> {
    return this.oci(['create', '--bundle', this.bundle, id], options);
  }

  async state(id = this.id): Promise<{status: string; pid: number; [key: string]: unknown}> {
    return JSON.parse(await this.must(['state', id]));
  }

  /** Where the runtime keeps a container. */
  kept(id = this.id): string {
    return join(this.root, id);
  }

  /** Any program. */
  launch(program: string, words: readonly string[], options: Options = {}): Running {
    const number = ++count;
    const files = ['stdout', 'stderr'].map((name) => join(this.path, `${name}-${number}`));
    const outputs = files.map((file) => openSync(file, 'w+', 0o666));
    // As who starts it would have made them.
    for (const output of outputs) fchownSync(output, this.uid, this.uid);
    const stdio = options.stdio ?? ['pipe', ...outputs];
    const child = spawn(program, words, {
      cwd: options.cwd ?? this.path,
      env: {PATH: searchPath(), ROOM: this.path, ...options.env},
      stdio: [...stdio],
      ...(this.uid === 0 ? {} : {uid: this.uid, gid: this.uid}),
    });
    for (const output of outputs) closeSync(output);
    this.#running.add(child);
    child.stdin?.on('error', () => {});
    if (options.stdio === undefined) child.stdin?.end();
    return {child, pid: child.pid ?? -1, result: this.#resultOf(child, files, options.timeoutMs)};
  }

  #resultOf(child: ChildProcess, files: string[], timeoutMs = defaultTimeoutMs): Promise<Result> {
    const read = (file = '') => readFileSync(file, 'utf8');
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${child.spawnargs.join(' ')}: not at its end after ${timeoutMs} ms`));
      }, timeoutMs);
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        this.#running.delete(child);
        resolve({
          status: code ?? String(signal),
          stdout: read(files[0]),
          stderr: read(files[1]),
        });
      });
    });
  }

  /** What is left of its containers; one line each. */
  left(): string[] {
    return [
      ...processesOf(this.path).map((line) => `process ${line}`),
      ...mountsOf(this.path).map((line) => `mount ${line}`),
      ...cgroupsOf(this.id).map((line) => `cgroup ${line}`),
      ...(existsSync(this.root) ? readdirSync(this.root) : []).map((name) => `container ${name}`),
    ];
  }

  /** Waits for the kernel to end what is ending. */
  async expectNothingLeft(): Promise<void> {
    await expect.poll(() => this.left(), {timeout: 3000, interval: 20}).toEqual([]);
  }

  async close(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    const ids = existsSync(this.root) ? readdirSync(this.root) : [];
    for (const id of ids.filter((name) => lstatSync(this.kept(name)).isDirectory())) {
      await this.oci(['delete', '--force', id]);
    }
    rmSync(this.path, {recursive: true, force: true});
  }
}

/** The room of the test that runs. */
export class Rooms {
  #room: Room | undefined;

  get room(): Room {
    if (this.#room === undefined) throw new Error('no test is running');
    return this.#room;
  }

  open(uid: number): void {
    this.#room = new Room(uid);
  }
}

/** A room for every test of a file, in which nothing may be left; and the host's devices stay root's. */
export function useRoom(uid = 0): Rooms {
  const rooms = new Rooms();
  beforeEach(() => rooms.open(uid));
  afterEach(async () => {
    try {
      await rooms.room.expectNothingLeft();
      expect(lstatSync('/dev/null').uid, 'the owner of /dev/null').toBe(0);
    } finally {
      await rooms.room.close();
    }
  });
  return rooms;
}

export function runtimePath(): string {
  return join(inject('installed'), 'bin/minicontainer-oci');
}

export function nsexecPath(): string {
  return join(inject('installed'), 'native/nsexec/build/nsexec');
}

function searchPath(): string {
  return [dirname(process.execPath), '/usr/sbin:/usr/bin:/sbin:/bin'].join(':');
}
