import {closeSync, constants, openSync, readdirSync, readFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';

/** undefined when there is no such file, or the cgroup has just been removed. */
export function readCgroupFile(directory: string, file: string): string | undefined {
  try {
    return readFileSync(join(directory, file), 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENODEV'].includes(errnoNameOf(error))) return undefined;
    throw error;
  }
}

/** One number; undefined when there is no such file, or it says `max`. */
export function readNumber(directory: string, file: string): number | undefined {
  const text = readCgroupFile(directory, file)?.trim();
  return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text);
}

/** Lines of a name and a number each; empty when there is no such file. */
export function readTable(directory: string, file: string): ReadonlyMap<string, number> {
  const lines = readCgroupFile(directory, file)?.trimEnd().split('\n') ?? [];
  return new Map(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(' ');
      return [name, Number(value)];
    }),
  );
}

/** One write(2), which never makes a file: what is not there is ENOENT. */
export function writeCgroupFile(directory: string, file: string, value: string): void {
  const fd = openSync(join(directory, file), constants.O_WRONLY);
  try {
    writeSync(fd, value);
  } finally {
    closeSync(fd);
  }
}

/** The cgroup and all below it. */
export function withDescendants(directory: string): string[] {
  const below = readdirSync(directory, {withFileTypes: true}).filter((entry) =>
    entry.isDirectory(),
  );
  return [directory, ...below.flatMap(({name}) => withDescendants(join(directory, name)))];
}

export function errnoNameOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
