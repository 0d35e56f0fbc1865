import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Observation} from './observation.ts';

/** A runtime that cannot run here, and why. */
export interface Missing {
  readonly name: string;
  readonly role: Observation['role'];
  readonly missing: string;
}

export interface Seen {
  readonly observations: readonly Observation[];
  /** Of the runtimes that are only shown. */
  readonly missing: readonly Missing[];
}

/**
 * Looks into every runtime: takes some ten seconds.
 *
 * @param cli our built command line, where every user can read it
 * @throws when one cannot run here that the test is about: one line each
 */
export function observe(cli: string): Seen {
  const directory = mkdtempSync(join(tmpdir(), 'minicontainer-peers-seen-'));
  try {
    const output = join(directory, 'seen.json');
    const {status, stderr} = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'observe.mjs'), cli, output],
      {encoding: 'utf8'},
    );
    if (status !== 0) throw new Error(`cannot look into the runtimes: ${stderr}`);
    const all: (Observation | Missing)[] = JSON.parse(readFileSync(output, 'utf8'));
    const missing = all.filter((one) => 'missing' in one);
    const needed = missing.filter(({role}) => role !== 'other');
    if (needed.length > 0) {
      throw new Error(needed.map(({name, missing: why}) => `${name}: ${why}`).join('\n'));
    }
    return {observations: all.filter((one) => 'told' in one), missing};
  } finally {
    rmSync(directory, {recursive: true, force: true});
  }
}
