import {join} from 'node:path';
import {inject} from 'vitest';

/** Where each runtime is that engines can be made to use. */
const programs = {
  runc: () => '/usr/sbin/runc',
  crun: () => '/usr/bin/crun',
  ours: () => join(inject('installed'), 'bin/minicontainer-oci'),
} satisfies Record<string, () => string>;

/** Ours, unless ENGINE_RUNTIME names one to compare with: what a test expects, runc does. */
export const runtimeName = chosen(process.env.ENGINE_RUNTIME ?? 'ours');

/** The program that the engines of the tests run containers with. */
export function runtimePath(): string {
  return programs[runtimeName]();
}

function chosen(name: string): keyof typeof programs {
  if (name === 'runc' || name === 'crun' || name === 'ours') return name;
  throw new Error(`ENGINE_RUNTIME=${name}: one of ${Object.keys(programs).join(', ')}`);
}
