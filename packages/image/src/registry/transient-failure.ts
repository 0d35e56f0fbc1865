import {type ErrorDetails, MinicontainerError} from '@minicontainer/errors';

/** A failure that may pass: it is worth trying again, after what the registry asks for. */
export class TransientFailure extends MinicontainerError {
  override readonly name = 'TransientFailure';
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, details: ErrorDetails & {retryAfterMs?: number} = {}) {
    super(code, message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}
