import {landlockVersion} from '@minicontainer/syscalls';
import {type Check, good, warning} from './check.ts';

export function checkLandlock(): Check[] {
  return [judgeLandlock(landlockVersion())];
}

/** @param version of the kernel's interface; 0 where there is none */
export function judgeLandlock(version: number): Check {
  const name = 'Landlock';
  if (version >= 6) return good(name, `version ${version}`);
  if (version >= 2) {
    return good(name, `version ${version}: files alone; abstract sockets are kept apart from 6 on`);
  }
  return warning(
    name,
    version === 0
      ? 'the kernel has none, or does not use it: one layer less around the host view'
      : 'too old to be used: no file could be moved between directories',
    'use Linux 5.19 or newer, with "landlock" in its lsm= option',
  );
}
