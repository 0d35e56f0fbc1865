import {once} from 'node:events';
import type {Readable, Writable} from 'node:stream';
import {MinicontainerError} from '@minicontainer/errors';
import {OperationError, type RunningPlan, runPlan} from '@minicontainer/nsexec';
import type {Plan} from '@minicontainer/plan';
import {requireEnd, withPlanFile} from '../snapshots/trees.ts';
import {type Frame, FrameWriter} from './frame.ts';

/** nsexec at work on one directory: it is sent frames, and makes them. */
export class TreeWriter {
  readonly #run: RunningPlan;
  readonly #stdin: Writable;
  readonly #frames: FrameWriter;
  readonly #missing: Buffer[] = [];
  /** Of the last frame that was sent; -1 before the first. */
  index = -1;

  /** @param planPath a file to be: nsexec reads the plan from it, and it is gone then */
  constructor(plan: Plan, planPath: string) {
    this.#run = withPlanFile(plan, planPath, () =>
      runPlan(plan, {planPath, stdio: ['pipe', 'pipe', 'inherit']}),
    );
    const {stdin, stdout} = this.#run.process;
    this.#stdin = stdin as Writable;
    // It tells why it has stopped reading by its report.
    this.#stdin.on('error', () => undefined);
    (stdout as Readable).on('data', (bytes: Buffer) => this.#missing.push(bytes));
    this.#run.result.catch(() => this.#stdin.destroy());
    this.#frames = new FrameWriter((bytes, done) => this.#stdin.write(bytes, done));
  }

  frame(frame: Frame): void {
    this.index += 1;
    this.#frames.frame(frame);
  }

  data(bytes: Buffer): void {
    this.#frames.data(bytes);
  }

  /** Until nsexec has taken so much that more may be sent. */
  async drain(): Promise<void> {
    if (this.#stdin.destroyed) await this.#fail();
    if (!this.#stdin.writableNeedDrain) return;
    // A broken pipe says only that nsexec has ended; what it ended for is in its report.
    await Promise.race([once(this.#stdin, 'drain').catch(() => this.#fail()), this.#fail()]);
  }

  /**
   * All is sent.
   *
   * @returns the indexes of links that lead to what is not there
   * @throws {MinicontainerError} `EUNPACK`, which names the entry; `ESTORE` where the disk is full
   */
  async end(): Promise<number[]> {
    this.#frames.end();
    this.#stdin.end();
    await this.#run.result.then(requireEnd, explain);
    const bytes = Buffer.concat(this.#missing);
    return Array.from({length: bytes.length / 4}, (_, at) => bytes.readUInt32LE(at * 4));
  }

  /** Gives up: nsexec is gone when this returns. */
  async abort(): Promise<void> {
    this.#stdin.destroy();
    this.#run.process.kill('SIGKILL');
    await this.#run.result.catch(() => undefined);
  }

  /** Ends only by an error, and that is nsexec's. */
  async #fail(): Promise<never> {
    await this.#run.result.then(requireEnd, explain);
    throw new MinicontainerError('EUNPACK', 'the layer was not taken to its end');
  }
}

function explain(cause: unknown): never {
  if (!(cause instanceof OperationError) || cause.operation !== 'writeTree') throw cause;
  const {errnoName, target} = cause;
  const hint = hints[errnoName];
  const code = errnoName === 'ENOSPC' || errnoName === 'EDQUOT' ? 'ESTORE' : 'EUNPACK';
  throw new MinicontainerError(
    code,
    `cannot write ${JSON.stringify(target)} of a layer: ${errnoName}`,
    {
      cause,
      ...(hint === undefined ? {} : {hint}),
    },
  );
}

const hints: Readonly<Record<string, string>> = {
  ENOSPC:
    'the disk is full: free some space (minicontainer prune), or set MINICONTAINER_ROOT to another disk',
  EDQUOT: 'your quota is used up: free some space, or set MINICONTAINER_ROOT to another disk',
  ENOTDIR:
    'a directory on the way to it is another kind of file in the same layer: the image is broken',
  ENOENT: 'a link on the way to it leads nowhere: the image is broken',
  E2BIG:
    'entries of the layer replace others more than 20000 times: the image is broken or hostile',
  ELOOP: 'links on the way to it go in circles: the image is broken or hostile',
  ENOTSUP:
    'the file system cannot hold it: set MINICONTAINER_ROOT to a directory on ext4, XFS or Btrfs',
  EPERM:
    'the file system refuses it: the state directory must not lie on an overlay, such as the root of another container; set MINICONTAINER_ROOT to a volume, or to a directory on ext4, XFS or Btrfs',
};
