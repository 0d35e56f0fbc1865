import {type SpawnSyncReturns, spawnSync} from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
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
import {basename, join, resolve} from 'node:path';
import type {Spec} from '@minicontainer/spec';
import {startingSpec} from '../../../apps/oci/src/starting-spec.ts';
import {until} from './until.ts';

/** Ours, from this clone; another is found in PATH. */
export const ours = resolve(import.meta.dirname, '../../../apps/oci/bin/minicontainer-oci');

/** Where all cgroups of these tests are, below the top of each hierarchy. */
const cgroupParent = `minicontainer-test-oci-${process.pid}`;
const applets = ['sh', 'sleep', 'ps', 'cat', 'dd', 'true'];

/** A runtime with containers of a test's own; all of it is gone when the test ends. */
export class TestRuntime {
  readonly scratch = mkdtempSync(join(tmpdir(), 'minicontainer-oci-'));
  readonly root = join(this.scratch, 'root');
  /** For what a test names itself: below the top of each hierarchy. */
  readonly cgroup = `${cgroupParent}/${basename(this.scratch)}`;
  readonly program: string;
  readonly #ids = new Set<string>();

  constructor(program: string = ours) {
    this.program = program;
  }

  /** Runs a command line; a container that it makes has no other streams than files. */
  run(...words: readonly string[]): SpawnSyncReturns<string> {
    return spawnSync(this.program, ['--root', this.root, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    });
  }

  /** As `run`, where it must succeed. @returns what it prints */
  must(...words: readonly string[]): string {
    const {status, stdout, stderr} = this.run(...words);
    if (status !== 0) throw new Error(`${words.join(' ')}: ${status}: ${stderr}`);
    return stdout;
  }

  /** A bundle with a small system, and what `change` makes of a plain configuration. */
  bundle(name: string, command: readonly string[], change = (spec: Spec): Spec => spec): string {
    const directory = join(this.scratch, name);
    const bin = join(directory, 'rootfs/bin');
    for (const each of ['bin', 'proc', 'dev', 'sys', 'tmp']) {
      mkdirSync(join(directory, 'rootfs', each), {recursive: true});
    }
    copyFileSync('/bin/busybox', join(bin, 'busybox'));
    for (const applet of applets) symlinkSync('busybox', join(bin, applet));
    const {process, linux, ...spec} = startingSpec();
    const config = change({
      ...spec,
      process: {cwd: '/', user: {uid: 0, gid: 0}, ...process, terminal: false, args: command},
      linux: {...linux, cgroupsPath: `/${this.cgroup}/${name}`},
    });
    writeFileSync(join(directory, 'config.json'), JSON.stringify(config));
    return directory;
  }

  /** Makes and starts a container of that bundle. @returns its id */
  start(bundle: string, id: string, ...flags: readonly string[]): string {
    this.create(bundle, id, ...flags);
    this.must('start', id);
    return id;
  }

  create(bundle: string, id: string, ...flags: readonly string[]): string {
    this.#ids.add(id);
    // No pipes: whoever reads one waits for the container too.
    const said = join(this.scratch, `${id}.said`);
    const output = openSync(said, 'w');
    const {status} = spawnSync(
      this.program,
      ['--root', this.root, ...flags, 'create', '--bundle', bundle, id],
      {stdio: ['ignore', output, output], timeout: 30_000},
    );
    closeSync(output);
    if (status !== 0) throw new Error(`create ${id}: ${status}: ${readFileSync(said, 'utf8')}`);
    return id;
  }

  /** What a container has written to a file of its root; empty while there is none. */
  read(bundle: string, path: string): string {
    const file = join(bundle, 'rootfs', path);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Waits until there are as many processes in a container. */
  async processes(id: string, count: number): Promise<readonly number[]> {
    let found: readonly number[] = [];
    await until(() => {
      found = JSON.parse(this.must('ps', '--format', 'json', id));
      return found.length === count;
    });
    return found;
  }

  [Symbol.dispose](): void {
    for (const id of this.#ids) this.run('delete', '--force', id);
    rmSync(this.scratch, {recursive: true, force: true});
    for (const hierarchy of readdirSync('/sys/fs/cgroup')) {
      for (const level of [`${this.cgroup}/outer`, this.cgroup, cgroupParent]) {
        try {
          rmdirSync(join('/sys/fs/cgroup', hierarchy, level));
        } catch {
          // Not in this one, or another test's are in it.
        }
      }
    }
  }
}
