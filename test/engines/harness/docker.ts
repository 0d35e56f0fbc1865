import {join} from 'node:path';
import {afterAll, beforeAll, expect} from 'vitest';
import {importImage, startDockerd} from '../../arena/dockerd.mjs';
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
  readonly #host: string;

  constructor(arena: EngineArena, host: string) {
    this.arena = arena;
    this.#host = host;
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
    return ['docker', '--host', this.#host, ...words];
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
    const {host, stop} = await startDockerd({
      directory: join(arena.scratch, 'docker'),
      cgroupParent: `/${arena.cgroup}/docker`,
      flags: [
        ...['--add-runtime', `${runtime}=${runtimePath()}`, '--default-runtime', runtime],
        ...flags,
      ],
      within: arena.within,
      env: arena.env,
    });
    await importImage(host, arena.rootfs, image, arena.env);
    docker = new Docker(arena, host);
    // What an engine makes once for all is made with the first container.
    await docker.run([], ['true']);
    const before = takeSnapshot(arena);
    end = async () => {
      try {
        expect(await used().succeed(['ps', '--all', '--quiet']), 'containers left').toBe('');
        expect(await leftoversSince(before, arena), 'left by the engine').toEqual([]);
        await stop();
      } finally {
        await arena.close();
      }
    };
  });
  afterAll(() => end());
  return used;
}
