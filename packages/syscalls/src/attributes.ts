import {libcFunction, rejectNul} from './libc.ts';

const libcGetxattr = libcFunction<[path: string, name: string, value: null, size: number]>(
  'getxattr',
  'long',
  ['str', 'str', 'void *', 'ulong'],
);

/**
 * Whether a file has an extended attribute, such as `security.capability`; false also for one that cannot
 * be looked at.
 *
 * @see getxattr(2), xattr(7)
 */
export function hasAttribute(path: string, name: string): boolean {
  rejectNul(path + name, 'getxattr', path);
  return libcGetxattr(path, name, null, 0) >= 0;
}
