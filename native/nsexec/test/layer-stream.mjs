// Layers as nsexec is sent them, and what becomes of them in a directory beside things to keep.
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {plans} from './plan-bytes.mjs';
import {demand, run} from './tools.mjs';

/** The frames of a layer as bytes; `data` follows the frame that it is said of. */
export async function streamOf(frames) {
  const {FrameWriter} = await plans();
  const pieces = [];
  const writer = new FrameWriter((bytes) => pieces.push(Buffer.from(bytes)));
  for (const {data, ...frame} of frames) {
    const bytes = data === undefined ? undefined : Buffer.from(data);
    const size = bytes && frame.fileSize === undefined ? {fileSize: bytes.length} : {};
    writer.frame({mode: 0o644, ...frame, ...size});
    if (bytes) writer.data(bytes);
  }
  writer.end();
  return Buffer.concat(pieces);
}

/**
 * Writes a layer into a directory, on `lower` where that is said, or into a new tmpfs with the options
 * `mount`; and looks whether anything beside it has changed.
 *
 * @returns how it ended, what was reported as `errno` and `detail`, and the indexes of links to nowhere
 */
export async function writeLayer(scratch, binary, stream, {target, lower, mount} = {}) {
  const place = target ?? join(scratch, 'target');
  const plan = join(scratch, 'plan');
  const outside = join(scratch, 'outside');
  mkdirSync(place, {recursive: true});
  mkdirSync(outside, {recursive: true});
  writeFileSync(join(outside, 'canary'), 'sings');
  const before = look(outside);
  const {treePlan} = await plans();
  writeFileSync(plan, treePlan(place, lower));
  const fd = openSync(plan, 'r');
  try {
    const words = [binary, '--report', '4', '3'];
    const [command, ...args] = mount === undefined ? words : [...mounted(mount, place), ...words];
    const ended = run(command, args, {
      stdio: ['pipe', 'pipe', 'pipe', fd, 'pipe'],
      input: stream,
      encoding: 'buffer',
      env: {
        PATH: process.env.PATH,
        ASAN_OPTIONS: 'detect_leaks=0',
        UBSAN_OPTIONS: 'print_stacktrace=1',
      },
    });
    const said = String(ended.stderr);
    demand(!/Sanitizer|runtime error/.test(said), said);
    demand(ended.status !== null, `ended by ${ended.signal}`);
    demand(look(outside) === before, `what lies beside the layer became ${look(outside)}`);
    const [, errno, detail = ''] = /^\d+ (\d+) (.*)$/ms.exec(String(ended.output[4])) ?? [];
    const missing = Array.from({length: ended.stdout.length / 4}, (_, at) =>
      ended.stdout.readUInt32LE(at * 4),
    );
    return {status: ended.status, errno: Number(errno ?? 0), detail: detail.trim(), missing, place};
  } finally {
    closeSync(fd);
  }
}

/** Where the layer lies on a file system of its own, which nobody else sees. */
function mounted(options, place) {
  const script = `mount -t tmpfs -o ${options} check "$1" && shift && exec "$@"`;
  return ['unshare', '-m', 'sh', '-c', script, 'sh', place];
}

function look(directory) {
  const own = lstatSync(directory);
  const entries = readdirSync(directory).map((name) => {
    const path = join(directory, name);
    const {mode, uid, gid, mtimeMs, nlink} = lstatSync(path);
    return [name, mode, uid, gid, mtimeMs, nlink, readFileSync(path, 'latin1')];
  });
  return JSON.stringify([own.mode, own.uid, own.gid, entries]);
}
