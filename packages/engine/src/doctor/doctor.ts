import {checkCapabilities} from './capabilities.ts';
import {checkCgroups} from './cgroups.ts';
import type {Check} from './check.ts';
import {checkContainer, checkNsexec, explain} from './container.ts';
import {checkDevices} from './devices.ts';
import {checkFiles} from './files.ts';
import {checkIds} from './ids.ts';
import {checkKernel} from './kernel.ts';
import {checkKeyring} from './keyring.ts';
import {checkLandlock} from './landlock.ts';
import {checkNamespaces} from './namespaces.ts';
import {checkResourceLimits} from './resource-limits.ts';
import {checkSeccomp} from './seccomp.ts';
import {checkSecurityModules} from './security-modules.ts';
import {checkUserNamespaces} from './user-namespaces.ts';
import {checkVisibility} from './visibility.ts';

/** A check, and the subject that it belongs to. */
export interface Finding extends Check {
  readonly group: string;
}

type Examination = () => Check[] | Promise<Check[]>;

/** In the order of what depends on what: a container last, since it takes all the others. */
const examinations: Readonly<Record<string, readonly Examination[]>> = {
  program: [checkNsexec],
  kernel: [checkKernel],
  namespaces: [checkUserNamespaces, checkNamespaces],
  ids: [checkIds],
  files: [checkFiles, checkVisibility],
  limits: [checkCgroups, checkResourceLimits],
  confinement: [checkSeccomp, checkLandlock, checkSecurityModules, checkCapabilities, checkKeyring],
  devices: [checkDevices],
  'and all together': [checkContainer],
};

/** Looks at this host: what it gives this caller's containers, and what to do where it does not. */
export async function doctor(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [group, examine] of Object.entries(examinations)) {
    for (const look of examine) {
      const checks = await examined(group, look);
      findings.push(...checks.map((check) => ({group, ...check})));
    }
  }
  return findings;
}

/** What cannot be looked at is a finding too, and the others are looked at all the same. */
async function examined(group: string, look: Examination): Promise<Check[]> {
  try {
    return await look();
  } catch (error) {
    return [{...explain(group, error), ok: 'warn'}];
  }
}
