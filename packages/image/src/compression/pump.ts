import type {Readable, Writable} from 'node:stream';

/**
 * What comes out of `output` while a source is written into `sink`, as fast as both go. What the source throws
 * comes out after what was made of its bytes before. The source is not closed: it is its owner's, and may use the
 * memory of what it gave again when it is asked for more.
 */
export async function* pump(
  source: AsyncIterable<Uint8Array>,
  sink: Writable,
  output: Readable,
): AsyncGenerator<Buffer, void, undefined> {
  const stop = new AbortController();
  const feeding = feed(source, sink, stop.signal).catch((error: unknown) => {
    output.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const chunk of output) {
      const bytes: Buffer = chunk;
      yield bytes;
    }
    await feeding;
  } finally {
    stop.abort();
    sink.destroy();
    output.destroy();
  }
}

async function feed(
  source: AsyncIterable<Uint8Array>,
  sink: Writable,
  signal: AbortSignal,
): Promise<void> {
  const chunks = source[Symbol.asyncIterator]();
  for (;;) {
    const {done, value} = await chunks.next();
    if (signal.aborted || sink.destroyed) return;
    if (done === true) break;
    await taken(sink, value);
  }
  sink.end();
}

/** Until the sink needs the bytes no more. Why it takes none is told by the output. */
function taken(sink: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    sink.write(bytes, () => resolve());
  });
}
