import {remoteText} from './remote-text.ts';

/** What a registry's answer says went wrong, by its own codes: `MANIFEST_UNKNOWN`. */
export interface RegistryError {
  readonly code: string;
  readonly message: string;
}

/**
 * Reads the errors of an answer; what is no such document has none.
 *
 * @see distribution-spec, "Error Codes"
 */
export function registryErrors(body: string): RegistryError[] {
  const document = parse(body);
  const errors = field(document, 'errors');
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, 10).map((entry) => ({
    code: text(field(entry, 'code')),
    message: [text(field(entry, 'message')), text(field(entry, 'detail'))].find(Boolean) ?? '',
  }));
}

/** An answer's own words on what went wrong, fit to stand in a message; empty for none. */
export function registryWords(body: string): string {
  const [first] = registryErrors(body);
  if (first !== undefined) return remoteText(first.message || first.code);
  const document = parse(body);
  const told = ['error_description', 'details', 'message', 'error'].map((name) =>
    text(field(document, name)),
  );
  // A page is for browsers.
  const plain = document === undefined && !/^\s*</.test(body) ? body : '';
  return remoteText(told.find(Boolean) ?? plain);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
