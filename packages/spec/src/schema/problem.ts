/** Something that is wrong with a value, and where. */
export interface Problem {
  /** Keys and indices from the value's top to the place. */
  readonly place: readonly (string | number)[];
  /** As it follows "expected". */
  readonly expected: string;
  /** As it follows "found". */
  readonly found: string;
  readonly hint?: string;
}

/** A place as a JSON pointer, RFC 6901. */
export function pointerOf(place: readonly (string | number)[]): string {
  return place
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
