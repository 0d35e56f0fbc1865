import {type SpawnSyncReturns, spawnSync} from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {buildSpec, type Spec} from '@minicontainer/spec';
import {pathOf, runtimeUnderTest} from '../validation/runtimes.ts';

const runtime = pathOf(runtimeUnderTest());
const cgroupTop = '/sys/fs/cgroup';
const applets =
  'cat chmod dd echo false grep id ln ls mkdir mount ps readlink sh sleep stat stty touch true tty ulimit umount';
const patienceMs = 20_000;

/** What a command of the runtime, or of a container, told and ended with. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A bundle with busybox as its root file system, and the runtime's directory of a test's own. All that was
 * made with it is gone when the test ends.
 */
export class Bundle {
  readonly path: string;
  readonly rootfs: string;
  readonly root: string;
  readonly id = 'tested';
  readonly #scratch: string;
  readonly #cgroup: string;

  /** @param script for the container's shell */
  constructor(script: string, change: (spec: Spec) => Spec = (spec) => spec) {
    this.#scratch = mkdtempSync(join(tmpdir(), 'minicontainer-configuration-'));
    this.#cgroup = this.#scratch.slice(this.#scratch.lastIndexOf('/') + 1);
    this.path = join(this.#scratch, 'bundle');
    this.root = join(this.#scratch, 'root');
    this.rootfs = join(this.path, 'rootfs');
    for (const each of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp']) {
      mkdirSync(join(this.rootfs, each), {recursive: true});
    }
    copyFileSync('/bin/busybox', join(this.rootfs, 'bin/busybox'));
    for (const applet of applets.split(' ')) symlinkSync('busybox', this.inRootfs('bin', applet));
    const spec = buildSpec({args: ['sh', '-c', script], rootPath: 'rootfs'});
    const linux = {...spec.linux, cgroupsPath: `/${this.#cgroup}`};
    this.configure(change({...spec, linux}));
  }

  inRootfs(...names: readonly string[]): string {
    return join(this.rootfs, ...names);
  }

  /** A directory of the bundle for the container to have. */
  directory(name: string, mode: number): void {
    mkdirSync(join(this.path, name));
    chmodSync(join(this.path, name), mode);
  }

  /** A file of the bundle. */
  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /** Another `config.json`, which need not be a valid one. */
  configure(config: object): void {
    writeFileSync(join(this.path, 'config.json'), JSON.stringify(config));
  }

  /** Runs the container to its end. */
  run(...flags: readonly string[]): Ended {
    return this.runtime('run', '--bundle', this.path, ...flags, this.id);
  }

  /** What the container prints. @throws {Error} when it fails */
  output(): string {
    const {status, stdout, stderr} = this.run();
    if (status !== 0) throw new Error(`exit code ${status}: ${stderr}`);
    return stdout;
  }

  /** Makes the container, whose streams are a file: whoever reads a pipe would wait for its end. */
  create(...flags: readonly string[]): Ended {
    const said = join(this.#scratch, 'said');
    const [input, output] = [openSync('/dev/zero', 'r'), openSync(said, 'a')];
    const {status} = this.#spawn(
      ['create', '--bundle', this.path, ...flags, this.id],
      [input, output, output],
    );
    closeSync(input);
    closeSync(output);
    return {status, stdout: '', stderr: readFileSync(said, 'utf8')};
  }

  /** Waits for the end of a container that was created and started. @returns what it has printed */
  ended(): string {
    const end = Date.now() + patienceMs;
    while (JSON.parse(this.runtime('state', this.id).stdout).status !== 'stopped') {
      if (Date.now() > end) throw new Error('the container does not end');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
    return readFileSync(join(this.#scratch, 'said'), 'utf8');
  }

  /** Any command line of the runtime, with a caller's working directory that is not the bundle. */
  runtime(...words: readonly string[]): Ended {
    return this.#spawn(words, ['pipe', 'pipe', 'pipe']);
  }

  #spawn(words: readonly string[], stdio: readonly (number | 'pipe')[]): SpawnSyncReturns<string> {
    return spawnSync(runtime, ['--root', this.root, ...words], {
      cwd: this.#scratch,
      stdio: [...stdio],
      input: '',
      encoding: 'utf8',
      timeout: patienceMs,
    });
  }

  [Symbol.dispose](): void {
    this.runtime('delete', '--force', this.id);
    rmSync(this.#scratch, {recursive: true, force: true});
    for (const hierarchy of ['', ...readdirSync(cgroupTop)]) {
      try {
        rmdirSync(join(cgroupTop, hierarchy, this.#cgroup));
      } catch {
        // The runtime has removed it, as it should, or there was none.
      }
    }
  }
}

/** A change of the process alone. */
export function withProcess(change: object): (spec: Spec) => Spec {
  return (spec) => ({...spec, process: {cwd: '/', args: [], ...spec.process, ...change}});
}

/** A change of what is Linux's alone. */
export function withLinux(change: object): (spec: Spec) => Spec {
  return (spec) => ({...spec, linux: {...spec.linux, ...change}});
}
