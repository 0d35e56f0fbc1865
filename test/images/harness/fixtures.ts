import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';
import {makeArtifacts} from './artifacts.ts';
import {Registry} from './registry.ts';

declare module 'vitest' {
  interface ProvidedContext {
    images: ImageFixtures;
  }
}

/** What the suite's tests share; none of them changes it. */
export interface ImageFixtures {
  /** An OCI image layout, whose tags `fixtures/make.py` tells. */
  readonly layout: string;
  /** The storage of a registry that has each tag as `fixtures/TAG:latest`, and Docker's form as `docker/TAG`. */
  readonly storage: string;
  /** A registry without a lock, for who only pulls: `localhost:5000`. */
  readonly registry: string;
  /** `fixtures/describe-tree.c`, compiled, where everybody can execute it. */
  readonly describeTree: string;
  /** Whether the Debian is there: only root can make it. */
  readonly debian: boolean;
}

const sources = join(import.meta.dirname, '../fixtures');

/** Makes the fixtures, or takes them from the cache, and lets a registry serve them while the suite runs. */
export default async function provideImages({provide}: TestProject): Promise<() => Promise<void>> {
  const {layout, storage} = await makeArtifacts(sources);
  const directory = mkdtempSync(join(tmpdir(), 'minicontainer-images-'));
  execFileSync('chmod', ['755', directory]);
  const describeTree = join(directory, 'describe-tree');
  const compile = ['-O2', '-static', '-o', describeTree, join(sources, 'describe-tree.c')];
  execFileSync(process.env.CC ?? 'cc', compile, {stdio: ['ignore', 'inherit', 'inherit']});
  const registry = await Registry.start({storage, readOnly: true});
  provide('images', {
    ...{layout, storage, describeTree},
    registry: registry.host,
    debian: process.getuid?.() === 0,
  });
  return async () => {
    await registry[Symbol.asyncDispose]();
    rmSync(directory, {recursive: true, force: true});
  };
}
