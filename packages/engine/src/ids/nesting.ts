import {readFileSync, readlinkSync} from 'node:fs';

/** The inode of the initial user namespace: PROC_USER_INIT_INO of the kernel's proc_ns.h. */
const initialUserNamespace = 'user:[4026531837]';

/** Whether this process is in a user namespace of somebody's making, so that its root is not the host's. */
export function isNested(): boolean {
  try {
    return readlinkSync('/proc/self/ns/user') !== initialUserNamespace;
  } catch {
    return false;
  }
}

/** Whether nobody in this user namespace may change groups. @see user_namespaces(7), "setgroups" */
export function deniesGroups(): boolean {
  try {
    return readFileSync('/proc/self/setgroups', 'utf8').trim() === 'deny';
  } catch {
    return false;
  }
}
