import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {inject} from 'vitest';

/** Exact text of one of nsexec's sources, and what stands there instead. */
export interface Replacement {
  /** Its name in native/nsexec/src. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const native = join(import.meta.dirname, '../../../native/nsexec');

/**
 * Builds an nsexec in which a protection is missing; each once in a run of the tests.
 *
 * @returns its path, which every user can execute
 * @throws where a text does not stand exactly once in its file: then the protection has moved
 */
export function mutantNsexec(replacements: readonly Replacement[]): string {
  const mutants = inject('mutants');
  const key = createHash('sha256').update(JSON.stringify(replacements)).digest('hex').slice(0, 16);
  const built = join(mutants, key);
  if (!existsSync(built)) {
    const making = mkdtempSync(join(mutants, 'making-'));
    try {
      build(making, replacements);
      renameSync(join(making, 'build/nsexec'), built);
    } finally {
      rmSync(making, {recursive: true});
    }
  }
  return built;
}

/** From the objects that are built already: only what differs is compiled. */
function build(directory: string, replacements: readonly Replacement[]): void {
  for (const name of ['Makefile', 'src', 'build']) {
    cpSync(join(native, name), join(directory, name), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !/\/build\/(asan|fuzz)$/.test(path),
    });
  }
  for (const {file, from, to} of replacements) {
    const path = join(directory, 'src', file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) {
      throw new Error(
        `${file} does not have this text exactly once, so nothing is proven: ${from}`,
      );
    }
    // What a mutant leaves unused is no error.
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  const {status, stderr} = spawnSync(
    'make',
    ['-C', directory, 'WARNINGS=-std=c11 -D_GNU_SOURCE -w'],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
}
