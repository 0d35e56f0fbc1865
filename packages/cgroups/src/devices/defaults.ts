import type {DeviceRule} from '@minicontainer/spec';

/**
 * What every container may do, behind the rules that it was given: runc's list, and the console.
 *
 * To make a node gives no access to its device, and unpacking an archive needs it.
 */
export const defaultDeviceRules: readonly DeviceRule[] = Object.freeze([
  rule('c', undefined, undefined, 'm'),
  rule('b', undefined, undefined, 'm'),
  rule('c', 1, 3), // null
  rule('c', 1, 5), // zero
  rule('c', 1, 7), // full
  rule('c', 1, 8), // random
  rule('c', 1, 9), // urandom
  rule('c', 5, 0), // tty
  rule('c', 5, 1), // console
  rule('c', 5, 2), // ptmx
  rule('c', 136, undefined), // terminals of devpts
]);

function rule(
  type: 'c' | 'b',
  major: number | undefined,
  minor: number | undefined,
  access = 'rwm',
): DeviceRule {
  return Object.freeze({
    allow: true,
    type,
    ...(major !== undefined && {major}),
    ...(minor !== undefined && {minor}),
    access,
  });
}
