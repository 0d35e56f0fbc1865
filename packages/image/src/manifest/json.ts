import {MinicontainerError} from '@minicontainer/errors';

/** Deeper than any manifest or configuration goes. */
const deepest = 100;

/**
 * A document from outside, as JSON.
 *
 * @param what names it in errors, such as `manifest sha256:…`
 * @throws {MinicontainerError} `EMANIFEST` when it is longer than `limit` bytes, nested too deep, or not JSON
 */
export function parseJson(bytes: Uint8Array, what: string, limit: number): unknown {
  if (bytes.length > limit) {
    throw new MinicontainerError(
      'EMANIFEST',
      `${what} has ${bytes.length} bytes, ${limit} at most are read`,
    );
  }
  // Before it is parsed: what walks a value later may do so by recursion.
  if (isDeeperThan(bytes, deepest)) {
    throw new MinicontainerError('EMANIFEST', `${what} is nested deeper than ${deepest} levels`);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
  } catch (cause) {
    throw new MinicontainerError('EMANIFEST', `${what} is not JSON`, {cause});
  }
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = Buffer.from('"\\{}[]');

function isDeeperThan(bytes: Uint8Array, levels: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth > levels) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
  return false;
}
