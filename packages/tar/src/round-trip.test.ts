import fc from 'fast-check';
import {expect, it} from 'vitest';
import type {TarHeader} from './index.ts';
import {TarParser, TarWriter} from './index.ts';
import type {NewEntry} from './write/entry.ts';

// Whatever bytes a name can have: all but NUL.
const name = fc
  .array(fc.integer({min: 1, max: 255}), {minLength: 1, maxLength: 300})
  .map((bytes) => Buffer.from(bytes).toString('latin1'));
const attributes = fc.dictionary(
  fc.stringMatching(/^user\.[a-z.%]{1,20}$/),
  fc.uint8Array({maxLength: 40}).map((bytes) => Buffer.from(bytes)),
  {maxKeys: 3},
);
const common = {
  path: name,
  mode: fc.integer({min: 0, max: 0o7777}),
  uid: fc.integer({min: 0, max: 0xfffffffe}),
  gid: fc.integer({min: 0, max: 0xfffffffe}),
  mtimeSeconds: fc.integer({min: -(2 ** 40), max: 2 ** 40}),
  mtimeNanoseconds: fc.integer({min: 0, max: 999_999_999}),
  xattrs: attributes.map((record) => new Map(Object.entries(record))),
};
const entry = fc.oneof(
  fc.record({
    ...common,
    type: fc.constant('file' as const),
    data: fc.uint8Array({maxLength: 1500}),
  }),
  fc.record({
    ...common,
    type: fc.constantFrom('hardlink' as const, 'symlink' as const),
    linkPath: name,
  }),
  fc.record({...common, type: fc.constantFrom('directory' as const, 'fifo' as const)}),
  fc.record({
    ...common,
    type: fc.constantFrom('character' as const, 'block' as const),
    deviceMajor: fc.integer({min: 0, max: 0xfff}),
    deviceMinor: fc.integer({min: 0, max: 0xfffff}),
  }),
);

it('reads what it wrote, in pieces of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, {maxLength: 6}),
      fc.array(fc.integer({min: 1, max: 1500}), {minLength: 1, maxLength: 8}),
      async (entries, sizes) => {
        const archive = await write(entries);
        expect(read(archive, sizes)).toEqual(entries.map(expected));
      },
    ),
    {numRuns: 300},
  );
});

it('reads what was damaged anywhere, or says ETAR, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, {minLength: 1, maxLength: 4}),
      fc.array(fc.tuple(fc.nat(), fc.integer({min: 1, max: 255})), {minLength: 1, maxLength: 4}),
      fc.boolean(),
      async (entries, changes, isPutRight) => {
        const archive = await write(entries);
        for (const [place, change] of changes) {
          const at = place % archive.length;
          archive[at] = (archive[at] ?? 0) ^ change;
          // So that not each of them ends at a wrong sum.
          if (isPutRight) putSumRight(archive, at - (at % 512));
        }
        try {
          read(archive, [4096]);
        } catch (error) {
          expect(error).toMatchObject({code: 'ETAR'});
        }
      },
    ),
    {numRuns: 500},
  );
});

function putSumRight(archive: Buffer, start: number): void {
  if (archive.toString('latin1', start + 257, start + 262) !== 'ustar') return;
  archive.fill(' ', start + 148, start + 156);
  const sum = archive.subarray(start, start + 512).reduce((total, byte) => total + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, start + 148, 'latin1');
}

type Written = NewEntry & {readonly data?: Uint8Array};

async function write(entries: readonly Written[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const writer = new TarWriter((chunk) => void chunks.push(chunk));
  for (const {data = [], ...header} of entries) await writer.add(header, Buffer.from(data));
  await writer.end();
  return Buffer.concat(chunks);
}

/** @param sizes of the pieces, over and over */
function read(archive: Buffer, sizes: readonly number[]) {
  const found: {header: TarHeader; data: string}[] = [];
  let current: {header: TarHeader; chunks: Buffer[]} | undefined;
  const parser = new TarParser({
    header: (header) => {
      current = {header, chunks: []};
    },
    data: (chunk) => current?.chunks.push(Buffer.from(chunk)),
    endOfEntry: () => {
      if (current !== undefined) {
        found.push({
          header: current.header,
          data: Buffer.concat(current.chunks).toString('latin1'),
        });
      }
    },
  });
  for (let at = 0, turn = 0; at < archive.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    // A copy of its own: whatever is kept of it must not change when it is overwritten.
    const chunk = Buffer.from(archive.subarray(at, at + size));
    parser.write(chunk);
    chunk.fill(0xff);
    at += size;
  }
  parser.end();
  return found;
}

function expected({data = new Uint8Array(), ...entry}: Written) {
  const header = {
    linkPath: '',
    deviceMajor: 0,
    deviceMinor: 0,
    size: data.length,
    fileSize: data.length,
    ...entry,
  };
  return {header, data: Buffer.from(data).toString('latin1')};
}
