import {libcFunction} from './libc.ts';

const LANDLOCK_CREATE_RULESET = 444;
const LANDLOCK_CREATE_RULESET_VERSION = 1;

const libcCreateRuleset = libcFunction<
  [number: number, attributes: null, size: number, flags: number]
>('syscall', 'long', ['long', 'void *', 'ulong', 'uint']);

/**
 * The version of the kernel's Landlock interface; 0 where the kernel has none, or somebody forbids it.
 *
 * @see landlock_create_ruleset(2)
 */
export function landlockVersion(): number {
  return Math.max(
    0,
    libcCreateRuleset(LANDLOCK_CREATE_RULESET, null, 0, LANDLOCK_CREATE_RULESET_VERSION),
  );
}
