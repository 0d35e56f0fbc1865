import {chmodSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where what the tests compile is kept, until they have all ended. */
    mutants: string;
  }
}

export default function setup({provide}: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'minicontainer-mutants-'));
  chmodSync(directory, 0o755);
  provide('mutants', directory);
  return () => rmSync(directory, {recursive: true, force: true});
}
