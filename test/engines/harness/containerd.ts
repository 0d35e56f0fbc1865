import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, expect} from 'vitest';
import {EngineArena} from './arena.ts';
import {
  type CommandOptions,
  execute,
  type Result,
  type Running,
  start,
  succeed,
} from './command.ts';
import {makeImageArchive} from './image.ts';
import {leftoversSince, takeSnapshot} from './leftovers.ts';
import {runtimePath} from './runtime.ts';

/** Of the image that every test runs. */
export const image = 'example.test/small:latest';

/** A containerd for the tests of one file. */
export class Containerd {
  readonly arena: EngineArena;
  readonly address: string;

  constructor(arena: EngineArena, address: string) {
    this.arena = arena;
    this.address = address;
  }

  /** `ctr WORDS…`, to its end. */
  do(words: readonly string[], options: CommandOptions = {}): Promise<Result> {
    return execute(this.argv(words), {env: this.arena.env, ...options});
  }

  /** `ctr WORDS…`, running. */
  start(words: readonly string[], options: CommandOptions = {}): Running {
    return start(this.argv(words), {env: this.arena.env, ...options});
  }

  /** `ctr WORDS…`, which must succeed: what it printed. */
  succeed(words: readonly string[], options: CommandOptions = {}): Promise<string> {
    return succeed(this.argv(words), {env: this.arena.env, ...options});
  }

  /** Words of `ctr run` by the runtime under test: `FLAGS… IMAGE ID COMMAND…`. */
  run(flags: readonly string[], id: string, command: readonly string[]): string[] {
    const cgroup = `/${this.arena.cgroup}/containerd/${id}`;
    const runtime = ['--runc-binary', runtimePath(), '--cgroup', cgroup];
    return ['run', ...runtime, ...flags, image, id, ...command];
  }

  argv(words: readonly string[]): string[] {
    return [...this.arena.within, 'ctr', '--address', this.address, ...words];
  }
}

/**
 * A containerd for the tests of this file; when they have ended, nothing of theirs may be left.
 *
 * @param handler the name under which kubelets find the runtime under test; unless said, they are not served
 */
export function useContainerd({handler}: {handler?: string} = {}): () => Containerd {
  let containerd: Containerd | undefined;
  const used = () => {
    if (containerd === undefined) throw new Error('no containerd runs yet');
    return containerd;
  };
  let end = async () => {};
  beforeAll(async () => {
    const arena = await EngineArena.open();
    end = () => arena.close();
    containerd = await startContainerd(arena, handler);
    const archive = await makeImageArchive(join(arena.scratch, 'image'), {
      rootfs: arena.rootfs,
      name: image,
      command: ['sleep', '600'],
    });
    for (const namespace of handler === undefined ? ['default'] : ['default', 'k8s.io']) {
      await used().succeed(['--namespace', namespace, 'images', 'import', archive]);
    }
    // What an engine makes once for all is made with the first container.
    await used().do(used().run(['--rm'], 'first', ['true']));
    const before = takeSnapshot(arena);
    end = async () => {
      try {
        expect(await used().succeed(['containers', 'list', '--quiet']), 'containers left').toBe('');
        expect(await leftoversSince(before, arena), 'left by the engine').toEqual([]);
      } finally {
        await arena.close();
      }
    };
  });
  afterAll(() => end());
  return used;
}

/** It ends with the arena. */
async function startContainerd(arena: EngineArena, handler?: string): Promise<Containerd> {
  const directory = join(arena.scratch, 'containerd');
  const containerd = new Containerd(arena, join(directory, 'socket'));
  const file = join(directory, 'config.toml');
  mkdirSync(directory);
  writeFileSync(file, configOf(directory, containerd.address, handler));
  const daemon = start([...arena.within, 'containerd', '--config', file], {
    env: arena.env,
    timeoutMs: 600_000,
  });
  for (let turn = 0; turn < 200; turn++) {
    if (daemon.process.exitCode !== null) break;
    if ((await containerd.do(['version'])).status === 0) return containerd;
    await sleep(50);
  }
  throw new Error(`containerd did not start: ${(await daemon.result).stderr}`);
}

function configOf(directory: string, address: string, handler?: string): string {
  return `version = 2
root = "${directory}/root"
state = "${directory}/state"
disabled_plugins = [${handler === undefined ? '"io.containerd.grpc.v1.cri"' : ''}]
[grpc]
  address = "${address}"
[ttrpc]
  address = "${address}.ttrpc"
${handler === undefined ? '' : servingKubelets(handler)}`;
}

/** As docs/engines.md has it. */
function servingKubelets(handler: string): string {
  return `
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${image}"
  # Root without CAP_SYS_RESOURCE may not make anybody less likely to be ended for want of memory.
  restrict_oom_score_adj = true

# Once one runtime is named, the default one has to be named too.
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${handler}]
  runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${handler}.options]
    BinaryName = "${runtimePath()}"
`;
}
