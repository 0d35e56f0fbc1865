import {expect} from 'vitest';
import type {Room} from '../harness/room.ts';

/** One line that says what is wrong, and at most one that says what to do; no control characters. */
export const oneError = /^minicontainer-oci: [^\p{Cc}]+\n(hint: [^\p{Cc}]+\n)?$/u;

/** That create says why not, and leaves nothing. */
export async function expectRefused(
  room: Room,
  words: readonly string[] = [room.id],
): Promise<string> {
  const {status, stdout, stderr} = await room.oci(['create', '--bundle', room.bundle, ...words]);
  expect({status, stdout, stderr}).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(oneError),
  });
  await room.expectNothingLeft();
  return stderr;
}
