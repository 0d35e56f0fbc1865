import {operations} from './operations.ts';
import {stages} from './stages.ts';

/**
 * A number that differs whenever the table of operations does, so that nsexec refuses a plan made for
 * another table (FNV-1a, 32 bits).
 */
export function tableVersion(): number {
  cached ??= fnv1a(describe());
  return cached;
}

let cached: number | undefined;

function describe(): string {
  const table = Object.entries(operations).map(
    ([name, {code, fields}]) => `${code} ${name} ${Object.entries(fields).join(' ')}`,
  );
  return [...table, ...Object.keys(stages)].join('\n');
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
