import {isatty} from 'node:tty';
import {forTerminal} from '../output/one-line.ts';
import {writeStdout} from '../output/streams.ts';

/** Prints what has texts of images in it: to a program as they are, to a terminal without what controls it. */
export function printResult(text: string): void {
  writeStdout(isatty(1) ? forTerminal(text) : text);
}
