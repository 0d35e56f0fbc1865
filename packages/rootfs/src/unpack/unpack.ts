import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {compileTreeWork, operation, type TreeOwner} from '@minicontainer/plan';
import {type TarHandler, type TarHeader, TarParser} from '@minicontainer/tar';
import {layersBeneath} from '../layers.ts';
import {LayerJudge, type Omissions} from './judge.ts';
import {quote} from './names.ts';
import {Room} from './room.ts';
import {TreeWriter} from './writer.ts';

export interface UnpackOptions {
  /** The uncompressed archive. */
  readonly source: AsyncIterable<Buffer>;
  /** A directory that is there, empty, and belongs to root of the owner's ids; an absolute path. */
  readonly target: string;
  /** A directory of the caller's alone, for what nsexec is to do. */
  readonly workDirectory: string;
  readonly owner: TreeOwner;
  /** The layers below, lowest first, as directories: waited for only by a layer that needs them. */
  readonly lowers: () => Promise<readonly string[]>;
  /** Of the archive, as they are read. */
  readonly onBytes?: (bytes: number) => void;
  /** How many entries are believed; 4,000,000 unless said. */
  readonly entryLimit?: number | undefined;
}

/** What a layer's archive turned out to hold. */
export interface Unpacked {
  readonly omissions: Omissions;
  /** It says what the root itself is. */
  readonly describesRoot: boolean;
}

/**
 * Unpacks one layer into a directory of its own: whiteouts become those of overlayfs, opaque directories
 * `user.overlay.opaque`.
 *
 * @throws {MinicontainerError} `EUNPACK` for an entry that cannot be, `ETAR` for what is no archive,
 *   `ESTORE` where the disk is full; what has been written is the caller's to remove
 * @see OCI image spec, layer.md
 */
export async function unpackLayer(options: UnpackOptions): Promise<Unpacked> {
  const {host, userNamespace} = options.owner;
  const judge = new LayerJudge({
    userNamespace,
    mayMakeDevices: userNamespace === undefined && host.nested !== true,
    entryLimit: options.entryLimit,
  });
  const links = new Map<number, TarHeader>();
  await writeTree(options, undefined, async (writer) => {
    await sendArchive(options, judge, writer, links);
    for (const frame of judge.settle()) writer.frame(frame);
    return (missing) => keepOnly(links, missing);
  });
  await finish(options, judge, [...links.values()]);
  return {omissions: judge.omissions, describesRoot: judge.describesRoot};
}

type Send = (writer: TreeWriter) => Promise<((missing: readonly number[]) => void) | undefined>;

async function writeTree(
  {target, workDirectory, owner}: UnpackOptions,
  lowers: readonly string[] | undefined,
  send: Send,
): Promise<void> {
  const lower = lowers === undefined ? undefined : layersBeneath(lowers);
  const writing = operation(
    'keep',
    'writeTree',
    {target, lower: lower === undefined ? undefined : 'lower'},
    'a layer of an image',
  );
  const plan = compileTreeWork(owner, [writing], lower);
  const writer = new TreeWriter(plan, join(workDirectory, 'plan'));
  try {
    const done = await send(writer);
    const missing = await writer.end();
    done?.(missing);
  } catch (cause) {
    await writer.abort();
    throw cause;
  }
}

async function sendArchive(
  {source, onBytes, target}: UnpackOptions,
  judge: LayerJudge,
  writer: TreeWriter,
  links: Map<number, TarHeader>,
): Promise<void> {
  const room = new Room(target);
  let wanted = false;
  const handler: TarHandler = {
    header(header) {
      room.require(header);
      const frames = judge.judge(header);
      for (const frame of frames) {
        writer.frame(frame);
        if (frame.kind === 'hardlink') links.set(writer.index, header);
      }
      wanted = frames.at(-1)?.kind === 'file';
    },
    data(bytes) {
      if (wanted) writer.data(bytes);
    },
    endOfEntry() {
      wanted = false;
    },
  };
  // Some builders leave the end mark out; the layer's digest says whether it is whole.
  const parser = new TarParser(handler, {endMayBeMissing: true});
  for await (const bytes of source) {
    parser.write(bytes);
    onBytes?.(bytes.length);
    await writer.drain();
  }
  parser.end();
}

function keepOnly(links: Map<number, TarHeader>, indexes: readonly number[]): void {
  const missing = new Set(indexes);
  for (const index of links.keys()) if (!missing.has(index)) links.delete(index);
}

/** What the archive does not say is as in the layers below. */
async function finish(
  options: UnpackOptions,
  judge: LayerJudge,
  links: readonly TarHeader[],
): Promise<void> {
  if (judge.implicitDirectories().length === 0 && links.length === 0) return;
  const lowers = await options.lowers();
  if (lowers.length === 0) {
    const [link] = links;
    if (link !== undefined) refuseLink(link);
    return;
  }
  await writeTree(options, lowers, async (writer) => {
    for (const header of links) {
      const [path, link] = judge.linkOf(header);
      for (const frame of judge.parentsOf(link)) writer.frame(frame);
      writer.frame({kind: 'copyUp', path: link});
      for (const frame of judge.parentsOf(path)) writer.frame(frame);
      writer.frame({kind: 'hardlink', path, link});
    }
    for (const path of judge.implicitDirectories()) writer.frame({kind: 'inherit', path});
    if (links.length > 0) for (const frame of judge.settle()) writer.frame(frame);
    return undefined;
  });
}

function refuseLink({path, linkPath}: TarHeader): never {
  throw new MinicontainerError(
    'EUNPACK',
    `the layer's entry ${quote(path)} is another name of ${quote(linkPath)}, which is nowhere`,
    {hint: 'the image is broken: nothing of it has been kept'},
  );
}
