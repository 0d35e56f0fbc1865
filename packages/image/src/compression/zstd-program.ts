import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {MinicontainerError} from '@minicontainer/errors';
import {pump} from './pump.ts';

/** The program zstd, ready for bytes; undefined where there is none. */
export async function startZstd(): Promise<ChildProcessWithoutNullStreams | undefined> {
  const child = spawn('zstd', ['-d', '-c', '-q'], {stdio: 'pipe'});
  return await new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('spawn', () => resolve(child));
  });
}

/** @throws {MinicontainerError} `ECOMPRESSION` with the program's own words */
export async function* unzstdByProgram(
  source: AsyncIterable<Uint8Array>,
  child: ChildProcessWithoutNullStreams,
): AsyncGenerator<Buffer, void, undefined> {
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  let words = '';
  child.stderr.on('data', (text) => {
    words = `${words}${text}`.slice(0, 500);
  });
  // A program that ends before it has taken everything says why by its exit code.
  child.stdin.on('error', () => {});
  let isWhole = false;
  try {
    yield* pump(source, child.stdin, child.stdout);
    isWhole = true;
  } finally {
    if (!isWhole) child.kill('SIGKILL');
  }
  const code = await ended;
  if (code === 0) return;
  const fault = words.replace(/^.*?:\s*/s, '').split('\n', 1)[0];
  throw new MinicontainerError('ECOMPRESSION', `the zstd data are damaged: ${fault}`);
}
