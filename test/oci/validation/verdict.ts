/** What a program that has ended, or was ended, left. */
export interface Told {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when it was ended by a signal, as by the time limit. */
  readonly exitCode: number | undefined;
}

/** Undefined when the program found nothing wrong, else the first thing that it did. */
export type Verdict = string | undefined;

/**
 * What a program has found. Their exit codes alone tell little: most failures are `not ok` lines, and the
 * programs about hooks tell theirs as a diagnosis that belongs to no test.
 */
export function verdictOf({stdout, stderr, exitCode}: Told): Verdict {
  const lines = stdout.split('\n');
  const complaint = lastWords(stderr);
  const wrong = lines.find((line) => line.startsWith('not ok '));
  if (wrong !== undefined) {
    const expectation = partOf(wrong, /^not ok \d+ (?:- )?(.*)$/);
    return expectation.includes('exit status') && complaint !== '' ? complaint : expectation;
  }
  if (exitCode === undefined) return 'did not end in time';
  if (exitCode !== 0) return complaint || `exit code ${exitCode}`;
  if (lines.some((line) => line.startsWith('ok '))) return undefined;
  const diagnosis = lines.find((line) => line.trimStart().startsWith('"error": "'));
  return diagnosis === undefined ? undefined : partOf(diagnosis, /"error": "(.*?)(?:\\n.*)?"/);
}

/** What went wrong in the last line that tells it, without what differs between two runs. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  // Go programs that panic begin with what happened and end with where; an exit status tells nothing.
  const panic = lines.find((line) => line.startsWith('panic: '));
  const line =
    panic ?? lines.filter((one) => !/^hint: |^exit status \d+$|^Refer to: /.test(one)).at(-1);
  return partOf(line ?? '', /^time="[^"]*" level=\w+ msg="(.*)"$/)
    .replaceAll('\\"', '"')
    .replaceAll(/[^\s"`]*\/ocitest\d+/g, 'BUNDLE')
    .replaceAll(/\S{8}-\S{4}-\S{4}-\S{4}-\S{12}/g, 'ID');
}

function partOf(line: string, pattern: RegExp): string {
  return pattern.exec(line)?.[1] ?? line;
}
