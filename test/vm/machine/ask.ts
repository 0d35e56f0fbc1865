import {execFileSync} from 'node:child_process';

/** What a command prints; administrators' commands are not in every user's PATH. */
export function ask(command: string, words: readonly string[], cwd = '/'): string {
  return execFileSync(command, words, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C'},
  });
}
