import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {arenaCommand, arenaEnvironment} from '../../arena/enter.mjs';
import {makeRootfs} from '../../arena/rootfs.mjs';
import {makeScratch, removeScratch} from '../../arena/scratch.mjs';
import {succeed} from './command.ts';
import {OwnCgroups} from './own-cgroups.ts';

/** What Debian's packages install, and Node, which ours executes. */
const path = ['/usr/sbin:/usr/bin:/sbin:/bin', dirname(process.execPath)].join(':');

const cgroupRoot = '/sys/fs/cgroup';

const passwd = 'root:x:0:0::/root:/bin/sh\nworker:x:1000:1000::/home/worker:/bin/sh\n';
const group = 'root:x:0:\nworkers:x:1000:\nhelpers:x:2000:worker\n';

/**
 * Mount, network and pid namespaces for one engine, on directories of its own: whatever it starts or
 * mounts ends with them.
 */
export class EngineArena {
  /** On the host, the number of the first process within. */
  readonly pid: number;
  readonly scratch: string;
  /** Below every hierarchy's root, all that is made within is in it. */
  readonly cgroup: string;
  /** A small root file system. */
  readonly rootfs: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #keeper: ChildProcess;
  readonly #ownCgroups: OwnCgroups | undefined;

  /** With `ownCgroups` an engine that chooses its cgroups itself sees and makes none but the arena's. */
  static async open({ownCgroups = false} = {}): Promise<EngineArena> {
    const made = await makeScratch('engines');
    const env = {...arenaEnvironment(made), PATH: path};
    const cgroups = ownCgroups ? new OwnCgroups(made.cgroup) : undefined;
    // It ends with its input, and with this process.
    const [file = '', ...words] = cgroups
      ? ['unshare', '--cgroup', '--', ...arenaCommand(['sh', OwnCgroups.script])]
      : arenaCommand(['sh', '-c', 'echo ready; exec cat']);
    const keeper = spawn(file, words, {stdio: ['pipe', 'pipe', 'inherit'], env});
    await Promise.race([once(keeper.stdout, 'data'), once(keeper, 'exit')]);
    const arena = new EngineArena(keeper, made, env, cgroups);
    await makeRootfs(arena.rootfs, 0, listApplets());
    writeFileSync(join(arena.rootfs, 'etc/passwd'), passwd);
    writeFileSync(join(arena.rootfs, 'etc/group'), group);
    return arena;
  }

  private constructor(
    keeper: ChildProcess,
    {path: scratch, cgroup}: {path: string; cgroup: string},
    env: NodeJS.ProcessEnv,
    ownCgroups: OwnCgroups | undefined,
  ) {
    if (keeper.exitCode !== null) throw new Error('no arena: see above; it needs root');
    this.#keeper = keeper;
    this.pid = Number(readFileSync(`/proc/${keeper.pid}/task/${keeper.pid}/children`, 'utf8'));
    this.scratch = scratch;
    this.cgroup = cgroup;
    this.rootfs = join(scratch, 'rootfs');
    this.env = env;
    this.#ownCgroups = ownCgroups;
  }

  /** The arena's own cgroup of every hierarchy; some may be missing. */
  get cgroups(): readonly string[] {
    if (this.#ownCgroups) return this.#ownCgroups.directories;
    return [cgroupRoot, ...hierarchies()].map((hierarchy) => join(hierarchy, this.cgroup));
  }

  /** Words that run a command within, as a process of its own that no signal is handed on to. */
  get within(): readonly string[] {
    const cgroup = this.#ownCgroups ? ['--cgroup'] : [];
    return ['nsenter', '-t', String(this.pid), '--mount', '--net', '--pid', ...cgroup, '--'];
  }

  /** A command within, which must succeed: what it printed. */
  run(words: readonly string[]): Promise<string> {
    return succeed([...this.within, ...words], {env: this.env});
  }

  /** Where a file of within is for who is outside. */
  seen(file: string): string {
    return join(`/proc/${this.pid}/root`, file);
  }

  async close(): Promise<void> {
    const ended = once(this.#keeper, 'exit');
    this.#keeper.stdin?.end();
    await ended;
    await this.#ownCgroups?.leave();
    await removeScratch({path: this.scratch, cgroup: this.cgroup});
  }
}

function hierarchies(): string[] {
  return readdirSync(cgroupRoot).map((name) => join(cgroupRoot, name));
}

function listApplets(): string[] {
  const names = execFileSync('busybox', ['--list'], {encoding: 'utf8'}).trimEnd().split('\n');
  return names.filter((name) => name !== 'busybox');
}
