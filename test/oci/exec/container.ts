import {
  type SpawnOptions,
  type SpawnSyncOptionsWithStringEncoding,
  type SpawnSyncReturns,
  spawn,
  spawnSync,
} from 'node:child_process';
import {
  chmodSync,
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
import type {IdMapping, Spec} from '@minicontainer/spec';
import {inject} from 'vitest';
import {type Person, someone} from '../../e2e/harness/people.ts';

const applets =
  'cat chmod echo env false grep id kill ln ls mkdir ps readlink rm sh sleep sort stty true tr tty'.split(
    ' ',
  );

export const ours = 'minicontainer-oci';

export interface ContainerOptions {
  /** `runc`, or another in PATH, instead of ours. */
  readonly program?: string;
  readonly change?: (spec: Spec) => Spec;
  /** Whose it is; the one who tests unless said. */
  readonly as?: Person;
  /** Left at its gate. */
  readonly created?: boolean;
}

/** A container of a test's own, for other processes to run in; gone, with all it was made of, when that ends. */
export class TestContainer {
  readonly id: string;
  readonly scratch: string;
  readonly root: string;
  /** Below the top of every hierarchy. */
  readonly cgroup: string;
  readonly #program: string;
  readonly #as: Person;

  constructor({
    program = ours,
    change = (spec) => spec,
    as = someone,
    created,
  }: ContainerOptions = {}) {
    this.scratch = mkdtempSync(join(tmpdir(), 'minicontainer-exec-'));
    chmodSync(this.scratch, 0o711);
    this.#program = program === ours ? join(inject('installed'), 'bin', ours) : program;
    this.#as = as;
    this.id = `exec-${process.pid}-${this.scratch.slice(-6)}`;
    this.cgroup = `minicontainer-test-${this.id}`;
    this.root = join(this.scratch, 'root');
    makeRootfs(join(this.scratch, 'rootfs'));
    const spec = change(plainSpec(as, `/${this.cgroup}`));
    writeFileSync(join(this.scratch, 'config.json'), JSON.stringify(spec));
    spawnSync('chown', ['-R', `${as.uid}:${as.gid}`, this.scratch]);
    this.#makeIt(created === true ? ['create'] : ['run', '--detach']);
  }

  /** Where its files are, for who is outside. */
  get rootfs(): string {
    return join(this.scratch, 'rootfs');
  }

  /** Its first process. */
  get pid(): number {
    return JSON.parse(this.run(['state', this.id]).stdout).pid;
  }

  run(
    words: readonly string[],
    options: Partial<SpawnSyncOptionsWithStringEncoding> = {},
  ): SpawnSyncReturns<string> {
    // A pipe, never the host's /dev/null: some runtimes give their streams to the container's user.
    return spawnSync(this.#program, ['--root', this.root, ...words], {
      ...this.#identity(),
      ...{encoding: 'utf8', input: '', timeout: 30_000},
      ...options,
    });
  }

  exec(
    words: readonly string[],
    flags: readonly string[] = [],
    options: Partial<SpawnSyncOptionsWithStringEncoding> = {},
  ): SpawnSyncReturns<string> {
    return this.run(['exec', ...flags, this.id, ...words], options);
  }

  /** The same, without a wait for its end. */
  start(words: readonly string[], flags: readonly string[] = [], options: SpawnOptions = {}) {
    return spawn(this.#program, ['--root', this.root, 'exec', ...flags, this.id, ...words], {
      ...this.#identity(),
      ...options,
    });
  }

  /** The words that run exec, for a program that runs it. */
  execWords(words: readonly string[], flags: readonly string[] = []): string[] {
    return [this.#program, '--root', this.root, 'exec', ...flags, this.id, ...words];
  }

  [Symbol.dispose](): void {
    this.run(['delete', '--force', this.id]);
    rmSync(this.scratch, {recursive: true, force: true});
    for (const hierarchy of ['', ...readdirSync('/sys/fs/cgroup')]) {
      removeCgroup(join('/sys/fs/cgroup', hierarchy, this.cgroup));
    }
  }

  #identity() {
    const {uid, gid} = this.#as;
    return uid === process.getuid?.() ? {} : {uid, gid};
  }

  #makeIt(words: readonly string[]): void {
    const said = join(this.scratch, 'said');
    // Not pipes: whoever reads them would wait for the container.
    const output = openSync(said, 'w', 0o666);
    const input = openSync(said, 'r');
    const {status} = this.run([...words, '--bundle', this.scratch, this.id], {
      input: undefined,
      stdio: [input, output, output],
    });
    if (status === 0) return;
    const problem = readFileSync(said, 'utf8');
    this[Symbol.dispose]();
    throw new Error(`${words[0]}: ${status}: ${problem}`);
  }
}

function makeRootfs(path: string): void {
  for (const name of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp']) {
    mkdirSync(join(path, name), {recursive: true});
  }
  copyFileSync('/bin/busybox', join(path, 'bin/busybox'));
  for (const applet of applets) symlinkSync('busybox', join(path, 'bin', applet));
  writeFileSync(join(path, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nuser:x:5:6::/tmp:/bin/sh\n');
}

function plainSpec({uid, gid, ids}: Person, cgroupsPath: string): Spec {
  const capabilities = ['CAP_KILL', 'CAP_NET_BIND_SERVICE', 'CAP_SETUID'] as const;
  const device = {type: 'devpts', source: 'devpts', destination: '/dev/pts'};
  return {
    ociVersion: '1.0.2',
    root: {path: 'rootfs'},
    process: {
      args: ['sleep', '1000'],
      cwd: '/tmp',
      env: ['PATH=/bin', 'OWN=1'],
      user: {uid: 0, gid: 0},
      capabilities: {bounding: capabilities, permitted: capabilities, effective: capabilities},
    },
    mounts: [
      {type: 'proc', source: 'proc', destination: '/proc'},
      {type: 'tmpfs', source: 'tmpfs', destination: '/dev', options: ['mode=755']},
      {...device, options: ['newinstance', 'ptmxmode=0666', 'mode=0620']},
    ],
    linux: {
      namespaces: [
        ...(['pid', 'mount', 'ipc', 'uts', 'network'] as const).map((type) => ({type})),
        ...(uid === 0 ? [] : [{type: 'user'} as const]),
      ],
      ...(uid === 0
        ? {cgroupsPath}
        : {uidMappings: mappings(uid, ids), gidMappings: mappings(gid, ids)}),
    },
  };
}

function mappings(own: number, ids: Person['ids']): IdMapping[] {
  return [
    {containerID: 0, hostID: own, size: 1},
    ...(ids === 'subordinate' ? [{containerID: 1, hostID: 100_000, size: 65_536}] : []),
  ];
}

function removeCgroup(directory: string): void {
  try {
    for (const entry of readdirSync(directory, {withFileTypes: true})) {
      if (entry.isDirectory()) removeCgroup(join(directory, entry.name));
    }
    rmdirSync(directory);
  } catch {
    // Not in this hierarchy.
  }
}
