import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {makeCgroups, removeCgroups} from './cgroups.ts';
import type {Program} from './programs.ts';
import {type Verdict, verdictOf} from './verdict.ts';

const script = join(import.meta.dirname, 'room.sh');
const patienceMs = 60_000;

export interface Visit {
  /** Absolute path of the runtime. */
  readonly runtime: string;
  /** Where the built programs are. */
  readonly programs: string;
  /** Where `runtimetest` and the root file system's archive are. */
  readonly kit: string;
}

/**
 * Runs one program on a runtime, where it can neither meet another one nor leave anything: namespaces and
 * cgroups of its own, which end with it.
 */
export async function runProgram(name: Program, {runtime, programs, kit}: Visit): Promise<Verdict> {
  const scratch = mkdtempSync(join(tmpdir(), `minicontainer-validation-${process.pid}-`));
  // Roots of user namespaces have to pass through to their bundles.
  chmodSync(scratch, 0o711);
  const cgroups = makeCgroups(`minicontainer-validation-${process.pid}-${name}`);
  try {
    const list = join(scratch, 'cgroups');
    const lines = cgroups.map((one) => [one.directory, one.type, one.options, one.name].join(' '));
    writeFileSync(list, `${lines.join('\n')}\n`);
    const temporary = join(scratch, 'tmp');
    mkdirSync(temporary);
    const child = spawn('sh', [script, 'outside', list, join(programs, name)], {
      cwd: kit,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {PATH: process.env.PATH, LANG: 'C.UTF-8', TMPDIR: temporary, RUNTIME: runtime},
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    });
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return verdictOf({stdout, stderr, exitCode: exitCode ?? undefined});
  } finally {
    removeCgroups(cgroups);
    rmSync(scratch, {recursive: true, force: true});
  }
}
