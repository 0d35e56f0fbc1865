import {type OperationName, operations} from './operations.ts';
import {stages} from './stages.ts';

/** Of the bytes themselves: what a header and a record are. */
const layout = 2;

/**
 * A number that differs whenever the form of a plan does, or its stages do, so that nsexec refuses one of
 * another form.
 */
export function formatVersion(): number {
  return fnv1a(`${layout} ${Object.keys(stages).join(' ')}`);
}

/**
 * A number that differs whenever an operation does. It stands in each record: a container that was made before
 * an upgrade can be deleted after it, if what its deletion takes is still the same.
 */
export function signatureOf(name: OperationName): number {
  let signature = known.get(name);
  if (signature === undefined) {
    const {code, fields} = operations[name];
    signature = fnv1a(`${code} ${name} ${Object.entries(fields).join(' ')}`);
    known.set(name, signature);
  }
  return signature;
}

const known = new Map<OperationName, number>();

/** FNV-1a, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
