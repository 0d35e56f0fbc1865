import {chownSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect} from 'vitest';
import {isRoot, type Person, people} from '../../e2e/harness/people.ts';
import {EngineArena} from './arena.ts';
import {type CommandOptions, type Result, type Running, start} from './command.ts';
import {leftoversSince, takeSnapshot} from './leftovers.ts';
import {image, writeSettings} from './podman-settings.ts';
import {inTerminal, type TerminalOptions} from './terminal.ts';

export {image} from './podman-settings.ts';

/** Of the image. Without a command it is not fit for a pod's infra container. */
const changes = ['-c', 'CMD ["/bin/sleep","1000"]', '-c', 'ENV PATH=/bin'];

/** Who uses Podman, and where. */
export interface Home {
  readonly person: Person;
  /** HOME. */
  readonly directory: string;
  /** The working directory of tests. */
  readonly work: string;
  /** XDG_RUNTIME_DIR; for root, what stands in its place. */
  readonly runtime: string;
}

/** One person's Podman over the runtime under test. */
export class Podman {
  readonly home: Home;
  readonly arena: EngineArena;
  readonly env: Readonly<Record<string, string>>;
  #names = 0;

  constructor(arena: EngineArena, person: Person) {
    this.arena = arena;
    this.home = makeHome(arena, person);
    this.env = writeSettings(this.home);
  }

  /** `podman WORDS…`, to its end. */
  do(words: readonly string[], options: CommandOptions = {}): Promise<Result> {
    return this.start(words, options).result;
  }

  /** `podman WORDS…`, which must succeed: what it printed, without the last line's end. */
  succeed(words: readonly string[], options: CommandOptions = {}): Promise<string> {
    return this.program(['podman', ...words], options);
  }

  /** `podman WORDS…`, running. */
  start(words: readonly string[], options: CommandOptions = {}): Running {
    return start(this.argv(['podman', ...words]), options);
  }

  /** `podman WORDS…` in a terminal. */
  terminal(words: readonly string[], options: TerminalOptions = {}) {
    return inTerminal(this.argv(['podman', ...words]), options);
  }

  /** A program of the host's as this person, which must succeed. */
  async program(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
    const {status, stdout, stderr} = await start(this.argv(argv), options).result;
    if (status !== 0) throw new Error(`${argv.join(' ')}: ${status}: ${stdout}${stderr}`);
    return stdout.trimEnd();
  }

  /** `podman run --rm FLAGS… IMAGE COMMAND…`, to its end. */
  run(
    flags: readonly string[],
    command: readonly string[],
    options: CommandOptions = {},
  ): Promise<Result> {
    return this.do(['run', '--rm', ...flags, image, ...command], options);
  }

  /** The same, which must succeed: what it printed. */
  output(
    flags: readonly string[],
    command: readonly string[],
    options: CommandOptions = {},
  ): Promise<string> {
    return this.succeed(['run', '--rm', ...flags, image, ...command], options);
  }

  /** `podman run --detach`: the container's name. It is removed at the end of the block. */
  async detach(
    flags: readonly string[],
    command: readonly string[],
  ): Promise<AsyncDisposable & {readonly name: string}> {
    const container = this.removed(this.name());
    await this.succeed(['run', '-d', '--name', container.name, ...flags, image, ...command]);
    return container;
  }

  /** A name that nothing else of this person's has. */
  name(): string {
    this.#names += 1;
    return `test${this.#names}`;
  }

  /** Something of that name that a test makes; it is removed at the end of the block. */
  removed(name: string, kind: 'container' | 'pod' | 'volume' = 'container') {
    const patience = kind === 'volume' ? [] : ['--time', '0'];
    return {
      name,
      [Symbol.asyncDispose]: async () => {
        await this.do([kind, 'rm', '--force', ...patience, name]);
      },
    };
  }

  /** What `podman inspect --format` makes of a container. */
  inspect(name: string, format: string): Promise<string> {
    return this.succeed(['inspect', '--format', format, name]);
  }

  /** Waits until `podman inspect --format` prints what is expected. */
  async until(name: string, format: string, expected: RegExp, timeoutMs = 15_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const printed = await this.inspect(name, format);
      if (expected.test(printed)) return;
      if (performance.now() > deadline) throw new Error(`${name} stays ${printed}`);
      await sleep(50);
    }
  }

  /** Words that run a command in the arena as this person. */
  argv(command: readonly string[]): string[] {
    const {person, work} = this.home;
    const ids = [`--reuid=${person.uid}`, `--regid=${person.gid}`, '--clear-groups'];
    const variables = Object.entries(this.env).map(([name, value]) => `${name}=${value}`);
    return [
      ...this.arena.within,
      ...(person.uid === 0 ? [] : ['setpriv', ...ids]),
      ...['env', '-i', '-C', work, ...variables],
      ...command,
    ];
  }
}

/**
 * One group of tests for Podman as root and one for Podman without, in an arena of the file's own. When
 * they have ended, nothing of theirs may be left: containers, processes, mounts, cgroups, files.
 */
export function describePodman(
  title: string,
  tests: (podman: () => Podman, person: {readonly rootless: boolean}) => void,
): void {
  describe.runIf(isRoot)(`only root: ${title}`, () => {
    const users = people.filter(({ids}) => ids !== 'single');
    const used = new Map<Person, Podman>();
    let end = async () => {};
    beforeAll(async () => {
      const arena = await EngineArena.open({ownCgroups: true});
      end = () => arena.close();
      const archive = join(arena.scratch, 'image.tar');
      await arena.run(['tar', '-C', arena.rootfs, '-cf', archive, '.']);
      for (const person of users.filter(({exists}) => exists)) {
        const podman = new Podman(arena, person);
        used.set(person, podman);
        await podman.succeed(['import', '--quiet', ...changes, archive, image]);
        // What Podman makes once for all is made with the first container.
        await podman.succeed(['run', '--rm', image, 'true']);
      }
      const before = takeSnapshot(arena);
      end = async () => {
        try {
          for (const podman of used.values()) expect(await listed(podman)).toEqual([]);
          expect(await leftoversSince(before, arena), 'left by the engine').toEqual([]);
        } finally {
          await arena.close();
        }
      };
    });
    afterAll(() => end());
    for (const person of users) {
      const rootless = person.uid !== 0;
      const current = () => {
        const podman = used.get(person);
        if (podman === undefined) throw new Error('Podman is not set up yet');
        return podman;
      };
      describe.skipIf(!person.exists)(rootless ? 'rootless' : 'as root', () => {
        tests(current, {rootless});
      });
    }
  });
}

/** Podman takes no long path for a place like /run, so it is there that the arena has it. */
function makeHome(arena: EngineArena, person: Person): Home {
  const {name, uid, gid} = person;
  const directory = join(arena.scratch, name);
  const work = join(directory, 'work');
  const runtime = uid === 0 ? '/run' : `/run/user/${uid}`;
  for (const path of [directory, work, ...(uid === 0 ? [] : [arena.seen(runtime)])]) {
    mkdirSync(path, {recursive: true, mode: 0o755});
    chownSync(path, uid, gid);
  }
  return {person, directory, work, runtime};
}

/** Containers, pods and volumes, one line each. */
async function listed(podman: Podman): Promise<string[]> {
  const lines = await Promise.all([
    podman.succeed(['ps', '-a', '--format', '{{.Names}}: {{.Command}}']),
    podman.succeed(['pod', 'ps', '--format', 'pod {{.Name}}']),
    podman.succeed(['volume', 'ls', '--format', 'volume {{.Name}}']),
  ]);
  return lines.filter((text) => text !== '').flatMap((text) => text.split('\n'));
}
