import {MinicontainerError} from '@minicontainer/errors';

/** What nsexec says of a failure; it knows numbers only. */
export interface Report {
  /** Of the operation in the plan; past its end when the plan itself could not be begun. */
  readonly index: number;
  readonly errno: number;
  /** A word that the number does not say, such as the interpreter that is missing. */
  readonly detail: string;
}

/**
 * Reads the line that nsexec writes to its report descriptor: index, errno, detail.
 *
 * @throws {MinicontainerError} `EREPORT` when it is something else
 */
export function parseReport(line: string): Report {
  const match = /^(\d+) (\d+)(?: (.*?))?\n?$/s.exec(line);
  if (match === null) {
    throw new MinicontainerError('EREPORT', `nsexec reported ${JSON.stringify(line.slice(0, 80))}`);
  }
  return {index: Number(match[1]), errno: Number(match[2]), detail: match[3] ?? ''};
}
