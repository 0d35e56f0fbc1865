import {existsSync} from 'node:fs';
import {findNsexec} from '@minicontainer/nsexec';
import {callerIds} from '../allocate.ts';
import {isNested} from '../ids/nesting.ts';
import {type Check, good, missing, warning} from './check.ts';
import {raise} from './namespaces.ts';
import {readNumber} from './read.ts';

export interface UserNamespaceFacts {
  readonly uid: number;
  readonly exists: boolean;
  /** user.max_user_namespaces */
  readonly most: number | undefined;
  /** kernel.unprivileged_userns_clone, of Debian's kernels */
  readonly allowed: number | undefined;
  /** kernel.apparmor_restrict_unprivileged_userns, of Ubuntu's */
  readonly restricted: number | undefined;
  readonly nested: boolean;
  /** Where nsexec is, which a profile of AppArmor would be for. */
  readonly nsexec: string | undefined;
}

export function checkUserNamespaces(): Check[] {
  return judgeUserNamespaces({
    uid: callerIds()[0],
    exists: existsSync('/proc/self/ns/user'),
    most: readNumber('/proc/sys/user/max_user_namespaces'),
    allowed: readNumber('/proc/sys/kernel/unprivileged_userns_clone'),
    restricted: readNumber('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'),
    nested: isNested(),
    nsexec: nsexecPath(),
  });
}

export function judgeUserNamespaces(facts: UserNamespaceFacts): Check[] {
  return [judgeUser(facts), ...judgeRestriction(facts)];
}

function judgeUser({uid, exists, most, allowed, nested}: UserNamespaceFacts): Check {
  const name = 'user namespaces';
  if (!exists) return missing(name, 'the kernel has none', 'use a kernel with CONFIG_USER_NS');
  if (most === 0) {
    return missing(name, 'user.max_user_namespaces is 0', raise('user.max_user_namespaces'));
  }
  if (allowed === 0) {
    const found = 'kernel.unprivileged_userns_clone is 0: only root may make them';
    const fix = raise('kernel.unprivileged_userns_clone', 1);
    return uid === 0 && !nested ? warning(name, found, fix) : missing(name, found, fix);
  }
  const inside = nested ? ', inside of another' : '';
  return good(name, `up to ${most ?? 'any number of'} for each user${inside}`);
}

/** Ubuntu since 23.10 lets only programs with a profile of their own use user namespaces. */
function judgeRestriction({uid, restricted, nsexec}: UserNamespaceFacts): Check[] {
  if (restricted !== 1 || uid === 0) return [];
  const profile = `profile minicontainer ${nsexec ?? '/path/to/nsexec'} flags=(unconfined) { userns, }`;
  const file = '/etc/apparmor.d/minicontainer';
  return [
    warning(
      'AppArmor on them',
      'restricts user namespaces to programs with a profile',
      `as root: echo '${profile}' > ${file} && apparmor_parser -r ${file}`,
    ),
  ];
}

function nsexecPath(): string | undefined {
  try {
    return findNsexec();
  } catch {
    return undefined;
  }
}
