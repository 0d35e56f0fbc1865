/** What an error can carry besides its code and message. */
export interface ErrorDetails {
  /** What a person can do about it, in one line. */
  readonly hint?: string;
  /** What the command line exits with; 125, "the engine failed", unless said. */
  readonly exitCode?: number;
  /** The failure underneath. */
  readonly cause?: unknown;
}

/**
 * A failure that is told to a person in one line for what failed and one for what to do.
 *
 * `code` is for programs (`ESPEC`, `ECAPABILITY`, …) and never changes its meaning; `message` is
 * for people, starts in lower case and ends without a full stop.
 */
export class MinicontainerError extends Error {
  override readonly name: string = 'MinicontainerError';
  readonly code: string;
  // Declared only: a field would exist, as undefined, on every error.
  declare readonly hint?: string;
  readonly exitCode: number;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    // An error without a cause must not have the property at all: inspect() would print it.
    super(message, 'cause' in details ? {cause: details.cause} : {});
    this.code = code;
    if (details.hint !== undefined) this.hint = details.hint;
    this.exitCode = details.exitCode ?? 125;
  }
}
