import type {Person} from './people.ts';

/** A script as the command of a container: `['/bin/bash', '-c', script]`. */
export function bash(script: string): string[] {
  return ['/bin/bash', '-c', script];
}

/** What `-u` can say for a person, with the flag; a single id is root inside and nobody else. */
export function userFlags({ids}: Person): readonly string[][] {
  return ids === 'single' ? [[]] : [[], ['-u', 'nobody'], ['-u', '33']];
}

/** The lines of a text, without the empty one after the last. */
export function lines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** A word as a shell reads it. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
