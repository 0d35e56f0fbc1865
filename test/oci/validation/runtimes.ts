import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';

export const names = ['minicontainer', 'runc', 'crun'] as const;

export type RuntimeName = (typeof names)[number];

const ours = join(import.meta.dirname, '../../../apps/oci/bin/minicontainer-oci');

/**
 * Whom the test is about: ours, or to see what others do, the one that `MINICONTAINER_VALIDATION_RUNTIME`
 * names.
 *
 * @throws when that variable names none of them
 */
export function runtimeUnderTest(): RuntimeName {
  const wanted = process.env.MINICONTAINER_VALIDATION_RUNTIME ?? 'minicontainer';
  const name = names.find((one) => one === wanted);
  if (name === undefined) throw new Error(`no runtime ${wanted}: ${names.join(', ')}`);
  return name;
}

/**
 * Where it is on this machine.
 *
 * @throws when it is not there
 */
export function pathOf(name: RuntimeName): string {
  if (name === 'minicontainer') return process.env.MINICONTAINER_OCI ?? ours;
  const places = `${process.env.PATH}:/usr/sbin:/sbin`.split(delimiter);
  const path = places.map((place) => join(place, name)).find(isExecutable);
  if (path === undefined) throw new Error(`install ${name}`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
