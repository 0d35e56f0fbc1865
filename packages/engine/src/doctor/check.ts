/** One thing that containers need, or are better off with. */
export interface Check {
  readonly name: string;
  /** `warn`: containers run without it, but something is missing, and `found` says what. */
  readonly ok: boolean | 'warn';
  readonly found: string;
  /** One line: what to do where it is not there. Commands and packages are Debian's. */
  readonly fix?: string;
}

export function good(name: string, found: string): Check {
  return {name, ok: true, found};
}

export function warning(name: string, found: string, fix?: string): Check {
  return {name, ok: 'warn', found, ...(fix === undefined ? {} : {fix})};
}

/** Without it no container runs. */
export function missing(name: string, found: string, fix?: string): Check {
  return {name, ok: false, found, ...(fix === undefined ? {} : {fix})};
}
