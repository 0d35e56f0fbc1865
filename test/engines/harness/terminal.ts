import {type CommandOptions, execute} from './command.ts';

export interface TerminalOptions extends CommandOptions {
  readonly rows?: number;
  readonly columns?: number;
  /** Typed once this has been printed. */
  readonly type?: readonly {readonly after: string; readonly text: string}[];
}

/**
 * Runs a program in a terminal of its own.
 *
 * @returns its exit code, and all that the terminal was given to show
 */
export async function inTerminal(
  argv: readonly string[],
  {rows = 24, columns = 80, type = [], ...options}: TerminalOptions = {},
): Promise<{status: number | string; printed: string}> {
  const request = JSON.stringify({argv, rows, columns, type});
  const words = ['python3', new URL('terminal.py', import.meta.url).pathname, request];
  const {status, stdout, stderr} = await execute(words, options);
  if (stderr !== '') throw new Error(`no terminal: ${stderr}`);
  return {status, printed: stdout};
}
