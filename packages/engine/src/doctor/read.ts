import {readFileSync} from 'node:fs';

/** A text of the kernel's without its last line break; undefined where there is none to read. */
export function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

export function readNumber(path: string): number | undefined {
  const text = readOptional(path);
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}
