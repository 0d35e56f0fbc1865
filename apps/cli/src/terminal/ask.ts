import {closeSync, openSync} from 'node:fs';
import {ReadStream} from 'node:tty';
import {MinicontainerError} from '@minicontainer/errors';
import {writeStderr} from '../output/streams.ts';

/**
 * Asks at the terminal, whatever stdin is, and reads a line; a secret one without showing it.
 *
 * @returns undefined when there is no terminal
 * @throws {MinicontainerError} `EINTERRUPTED` on Ctrl-C
 */
export async function askAtTerminal(
  question: string,
  {secret = false}: {secret?: boolean} = {},
): Promise<string | undefined> {
  const fd = openTerminal();
  if (fd === undefined) return undefined;
  const terminal = new ReadStream(fd);
  writeStderr(question);
  // The terminal's own editing of lines would show what is typed.
  if (secret) terminal.setRawMode(true);
  try {
    return await readTyped(terminal);
  } finally {
    if (secret) {
      terminal.setRawMode(false);
      writeStderr('\n');
    }
    terminal.destroy();
  }
}

function openTerminal(): number | undefined {
  try {
    const fd = openSync('/dev/tty', 'r+');
    try {
      // What is open but no terminal, as in a container that has none.
      new ReadStream(fd).pause();
    } catch {
      closeSync(fd);
      return undefined;
    }
    return fd;
  } catch {
    return undefined;
  }
}

async function readTyped(terminal: ReadStream): Promise<string> {
  const line = new TypedLine();
  for await (const chunk of terminal) {
    const text = line.type(String(chunk));
    if (text !== undefined) return text;
  }
  return line.text;
}

/** A line as it is typed without the terminal's help. */
export class TypedLine {
  text = '';

  /**
   * @returns the line, once it has ended
   * @throws {MinicontainerError} `EINTERRUPTED` for Ctrl-C
   */
  type(keys: string): string | undefined {
    for (const key of keys) {
      switch (key) {
        case '\r':
        case '\n':
        case '\u0004':
          return this.text;
        case '\u0003':
          throw new MinicontainerError('EINTERRUPTED', 'interrupted', {exitCode: 130});
        case '\u007f':
        case '\b':
          this.text = [...this.text].slice(0, -1).join('');
          break;
        case '\u0015':
          this.text = '';
          break;
        default:
          this.text += key;
      }
    }
    return undefined;
  }
}
