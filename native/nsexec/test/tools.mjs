// How the checks run programs here, in native/nsexec.
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const here = fileURLToPath(new URL('..', import.meta.url));
export const program = join(here, 'build/nsexec');
export const sanitized = join(here, 'build/asan/nsexec');

/** Why a check cannot run: the first of these commands that is not installed. */
export function missing(commands) {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const absent = commands.find(
    (command) => !directories.some((directory) => existsSync(join(directory, command))),
  );
  return absent === undefined ? undefined : `not installed: ${absent}`;
}

/** The end of a program, which must be as expected; what else it said explains why it is not. */
export function must(expectedStatus, command, args, options = {}) {
  const ended = run(command, args, options);
  if (ended.status === expectedStatus) return ended;
  throw new Error(
    `${command} ${args.join(' ')}\nended with ${ended.status ?? ended.signal}, not ${expectedStatus}\n` +
      `${ended.stdout}${ended.stderr}`.slice(-4000),
  );
}

export function run(command, args, options = {}) {
  return spawnSync(command, args, {cwd: here, encoding: 'utf8', timeout: 120_000, ...options});
}

export function make(...args) {
  return must(0, 'make', ['-s', '-j2', ...args], {env: {PATH: process.env.PATH}});
}

export function demand(holds, problem) {
  if (!holds) throw new Error(problem);
}

/** A directory that is gone afterwards. */
export async function withScratch(act) {
  const scratch = mkdtempSync(join(tmpdir(), 'nsexec-check-'));
  try {
    return await act(scratch);
  } finally {
    rmSync(scratch, {recursive: true, force: true});
  }
}
