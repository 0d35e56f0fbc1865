import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Observation} from './observation.ts';

interface Missing {
  readonly name: string;
  readonly missing: string;
}

/**
 * Looks into every runtime: takes some ten seconds.
 *
 * @param cli our built command line, where every user can read it
 * @throws when a runtime cannot run here; one line each
 */
export function observe(cli: string): Observation[] {
  const directory = mkdtempSync(join(tmpdir(), 'minicontainer-peers-seen-'));
  try {
    const output = join(directory, 'seen.json');
    const {status, stderr} = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'observe.mjs'), cli, output],
      {encoding: 'utf8'},
    );
    if (status !== 0) throw new Error(`cannot look into the runtimes: ${stderr}`);
    const seen: (Observation | Missing)[] = JSON.parse(readFileSync(output, 'utf8'));
    const missing = seen.filter((one) => 'missing' in one);
    if (missing.length > 0) {
      throw new Error(missing.map(({name, missing: why}) => `${name}: ${why}`).join('\n'));
    }
    return seen.filter((one) => 'told' in one);
  } finally {
    rmSync(directory, {recursive: true, force: true});
  }
}
