import type {Readable} from 'node:stream';
import {runPlan} from '@minicontainer/nsexec';
import {abandon, begin, sweep} from './begin.ts';
import {withLayers} from './image/provision.ts';
import type {ProvideOptions} from './images/provide.ts';
import type {RunOptions} from './options.ts';
import {callerState} from './state.ts';

export interface LibraryRunOptions extends RunOptions {
  /** What the command reads on its standard input. */
  readonly input?: string | Uint8Array;
  /** How an image is fetched that is not here. */
  readonly pull?: ProvideOptions;
  /** Ends the container, not just the waiting for it. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  /** The command's own, or 128 and the number of the signal that ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** How many of its processes the kernel killed when memory had run out. */
  readonly outOfMemoryKills: number;
}

/**
 * Runs a container and collects what it prints. A command that fails is a result like any other.
 *
 * @throws {MinicontainerError} when the engine fails, with nothing left behind
 * @throws what `signal` was aborted with
 */
export async function run(options: LibraryRunOptions): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const state = callerState();
  const {container, plan, planPath} = begin(
    await withLayers(options, state, {
      provide: () => provideFor(options),
      always: (options.pull?.policy ?? 'missing') !== 'missing',
    }),
    state,
  );
  try {
    const running = runPlan(plan, {
      planPath,
      stdio: ['pipe', 'pipe', 'pipe'],
      keepOpen: [container.lock],
    });
    const kill = () => running.process.kill('SIGKILL');
    options.signal?.addEventListener('abort', kill, {once: true});
    // The command may end without reading all of it.
    running.process.stdin?.on('error', () => {});
    running.process.stdin?.end(options.input ?? '');
    const [result, stdout, stderr] = await Promise.all([
      running.result,
      readAll(running.process.stdout),
      readAll(running.process.stderr),
    ]).finally(() => options.signal?.removeEventListener('abort', kill));
    options.signal?.throwIfAborted();
    return {...result, stdout, stderr};
  } finally {
    abandon(state, container);
    // After a kill the container's own files may need its ids to be removed.
    if (options.signal?.aborted) sweep(state);
  }
}

async function provideFor({
  source,
  userns,
  pull,
  signal,
}: LibraryRunOptions): Promise<string | undefined> {
  if (source.kind !== 'image') return undefined;
  // Only now: who runs what is here has no need of a registry's client.
  const [{provideImage}, {layerIds}] = await Promise.all([
    import('./images/provide.ts'),
    import('./image/ids-key.ts'),
  ]);
  const {platform} = source;
  const ids = layerIds(userns);
  const {image} = await provideImage(source.name, {platform, ids, signal, ...pull});
  return image.id;
}

async function readAll(stream: Readable | null): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
