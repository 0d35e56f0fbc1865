import {join} from 'node:path';
import {afterAll, beforeAll, expect} from 'vitest';
import {type Dockerd, importImage, startDockerd} from '../../arena/dockerd.mjs';
import {EngineArena} from './arena.ts';
import {
  type CommandOptions,
  execute,
  type Result,
  type Running,
  start,
  succeed,
} from './command.ts';
import {leftoversSince, takeSnapshot} from './leftovers.ts';
import {runtimePath} from './runtime.ts';

/** Of the image that every test runs. */
export const image = 'small';

/** The daemon's name for the runtime under test, which is its default one. */
export const runtime = 'tested';

/** A dockerd for the tests of one file. */
export class Docker {
  readonly arena: EngineArena;
  readonly #flags: readonly string[];
  #daemon: Dockerd;

  static async open(arena: EngineArena, flags: readonly string[]): Promise<Docker> {
    const docker = new Docker(arena, flags, await startDaemon(arena, flags));
    await importImage(docker.#daemon.host, arena.rootfs, image, arena.env);
    return docker;
  }

  private constructor(arena: EngineArena, flags: readonly string[], daemon: Dockerd) {
    this.arena = arena;
    this.#flags = flags;
    this.#daemon = daemon;
  }

  /** Ends the daemon, and starts another on what it has left. */
  async restart(): Promise<void> {
    await this.stop();
    this.#daemon = await startDaemon(this.arena, this.#flags);
  }

  stop(): Promise<void> {
    return this.#daemon.stop();
  }

  /** `docker WORDS…`, to its end. */
  do(words: readonly string[], options: CommandOptions = {}): Promise<Result> {
    return execute(this.argv(words), {env: this.arena.env, ...options});
  }

  /** `docker WORDS…`, running. */
  start(words: readonly string[], options: CommandOptions = {}): Running {
    return start(this.argv(words), {env: this.arena.env, ...options});
  }

  /** `docker WORDS…`, which must succeed: what it printed. */
  succeed(words: readonly string[], options: CommandOptions = {}): Promise<string> {
    return succeed(this.argv(words), {env: this.arena.env, ...options});
  }

  /** `docker run --rm FLAGS… IMAGE COMMAND…` without a network of its own, to its end. */
  run(
    flags: readonly string[],
    command: readonly string[],
    options: CommandOptions = {},
  ): Promise<Result> {
    return this.do(['run', '--rm', '--network', 'none', ...flags, image, ...command], options);
  }

  /** `docker run --detach`: the container's id. */
  detach(flags: readonly string[], command: readonly string[]): Promise<string> {
    return this.succeed(['run', '--detach', '--network', 'none', ...flags, image, ...command]);
  }

  /** What `docker inspect --format` makes of a container. */
  inspect(container: string, format: string): Promise<string> {
    return this.succeed(['inspect', '--format', format, container]);
  }

  /** `docker rm --force`. */
  async remove(...containers: readonly string[]): Promise<void> {
    await this.succeed(['rm', '--force', '--volumes', ...containers]);
  }

  argv(words: readonly string[]): string[] {
    return ['docker', '--host', this.#daemon.host, ...words];
  }
}

/**
 * A dockerd for the tests of this file; when they have ended, nothing of theirs may be left: containers,
 * processes, mounts, cgroups, files of the runtime.
 *
 * @param flags of the daemon
 */
export function useDocker(flags: readonly string[] = []): () => Docker {
  let docker: Docker | undefined;
  const used = () => {
    if (docker === undefined) throw new Error('no dockerd runs yet');
    return docker;
  };
  let end = async () => {};
  beforeAll(async () => {
    const arena = await EngineArena.open();
    end = () => arena.close();
    docker = await Docker.open(arena, flags);
    // What an engine makes once for all is made with the first container.
    await docker.run([], ['true']);
    const before = takeSnapshot(arena);
    end = async () => {
      try {
        expect(await used().succeed(['ps', '--all', '--quiet']), 'containers left').toBe('');
        expect(await leftoversSince(before, arena), 'left by the engine').toEqual([]);
        await used().stop();
      } finally {
        await arena.close();
      }
    };
  });
  afterAll(() => end());
  return used;
}

function startDaemon(arena: EngineArena, flags: readonly string[]): Promise<Dockerd> {
  const tested = ['--add-runtime', `${runtime}=${runtimePath()}`, '--default-runtime', runtime];
  return startDockerd({
    directory: join(arena.scratch, 'docker'),
    cgroupParent: `/${arena.cgroup}/docker`,
    flags: [...tested, ...flags],
    within: arena.within,
    env: arena.env,
  });
}
