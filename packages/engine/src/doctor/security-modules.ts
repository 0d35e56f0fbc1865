import {existsSync} from 'node:fs';
import {type Check, good} from './check.ts';
import {readNumber, readOptional} from './read.ts';

export interface SecurityModuleFacts {
  /** /sys/kernel/security/lsm, which only root may see on some hosts. */
  readonly list: string | undefined;
  readonly apparmor: boolean;
  readonly selinux: 'enforcing' | 'permissive' | 'absent';
  /** Of this process, as the module in charge writes it. */
  readonly label: string | undefined;
}

export function checkSecurityModules(): Check[] {
  const enforce = readNumber('/sys/fs/selinux/enforce');
  return judgeSecurityModules({
    list: readOptional('/sys/kernel/security/lsm'),
    apparmor: readOptional('/sys/module/apparmor/parameters/enabled') === 'Y',
    selinux: !existsSync('/sys/fs/selinux/enforce')
      ? 'absent'
      : enforce === 0
        ? 'permissive'
        : 'enforcing',
    label:
      readOptional('/proc/self/attr/apparmor/current') ?? readOptional('/proc/self/attr/current'),
  });
}

/** No label is given unless it is asked for: that none can be is no protection less. */
export function judgeSecurityModules(facts: SecurityModuleFacts): Check[] {
  const {list, apparmor, selinux} = facts;
  const label = facts.label?.replaceAll('\0', '') || 'no label';
  const inherit = `containers have ${label}, as the caller has`;
  return [
    good(
      'AppArmor',
      apparmor
        ? `enabled: ${inherit}, or --security-opt apparmor=PROFILE`
        : 'not enabled: no profile can be asked for, and user namespaces are not restricted',
    ),
    good(
      'SELinux',
      selinux === 'absent'
        ? 'not enabled: no label can be asked for'
        : `${selinux}: ${inherit}, or --security-opt label=…`,
    ),
    ...(list === undefined ? [] : [good('security modules', list.replaceAll(',', ' '))]),
  ];
}
