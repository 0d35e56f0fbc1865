/** Which bytes an answer holds, as its `Content-Range` has it. @see RFC 9110, 14.4 */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
  /** Of the whole; undefined where the server does not say. */
  readonly size: number | undefined;
}

/** @returns undefined for what is missing or cannot be */
export function parseContentRange(header: string | undefined): ContentRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(?:(\d{1,15})|\*)$/i.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const size = match[3] === undefined ? undefined : Number(match[3]);
  return last < first || (size !== undefined && last >= size) ? undefined : {first, last, size};
}

/**
 * How many bytes of an upload a registry has, as its `Range` tells.
 *
 * @returns undefined where it does not tell: `0-0` may mean one byte, and is said for none too
 * @see distribution-spec, "Pushing a blob in chunks"
 */
export function parseUploadRange(header: string | undefined): number | undefined {
  const match = /^(?:bytes=)?0-(\d{1,15})$/.exec(header?.trim() ?? '');
  const last = Number(match?.[1] ?? 0);
  return last === 0 ? undefined : last + 1;
}
