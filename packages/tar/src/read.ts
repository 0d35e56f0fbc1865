import type {TarHeader} from './entry/header.ts';
import type {TarLimits} from './limits.ts';
import {TarParser} from './parser.ts';

/** An entry, and its bytes, which can be read until the next entry is asked for. */
export interface TarEntry {
  readonly header: TarHeader;
  readonly data: AsyncIterable<Buffer>;
}

type Event = {header: TarHeader} | {data: Buffer} | 'end of entry';

/**
 * The entries of an archive, one after the other, in memory for one chunk of the source.
 *
 * @throws {MinicontainerError} `ETAR` as `TarParser` has it
 */
export async function* readTar(
  source: AsyncIterable<Buffer>,
  limits: Partial<TarLimits> = {},
): AsyncGenerator<TarEntry> {
  const events = readEvents(source, limits);
  try {
    for (let event = await events.next(); !event.done; event = await events.next()) {
      if (typeof event.value === 'string' || !('header' in event.value)) continue;
      const data = readData(events);
      yield {header: event.value.header, data};
      // Whatever was left unread.
      for await (const _ of data);
    }
  } finally {
    await events.return(undefined);
  }
}

async function* readData(events: AsyncGenerator<Event>): AsyncGenerator<Buffer> {
  for (let event = await events.next(); !event.done; event = await events.next()) {
    if (event.value === 'end of entry') return;
    if ('data' in event.value) yield event.value.data;
  }
}

async function* readEvents(
  source: AsyncIterable<Buffer>,
  limits: Partial<TarLimits>,
): AsyncGenerator<Event> {
  let events: Event[] = [];
  const parser = new TarParser(
    {
      header: (header) => events.push({header}),
      data: (data) => events.push({data}),
      endOfEntry: () => events.push('end of entry'),
    },
    limits,
  );
  for await (const chunk of source) {
    parser.write(chunk);
    yield* events;
    events = [];
  }
  parser.end();
}
