import {existsSync, readFileSync} from 'node:fs';
import {findNsexec} from '@minicontainer/nsexec';
import {callerIds} from './allocate.ts';
import {findProgram, readCgroupLayout} from './host-facts.ts';
import {readCaller} from './ids/caller.ts';
import {checkProtections} from './protections.ts';
import {run} from './run.ts';

/** One thing that containers need, or are better off with. */
export interface Check {
  readonly name: string;
  /** `warn`: containers run without it, but something is missing. */
  readonly ok: boolean | 'warn';
  readonly found: string;
  /** What to do where it is not there. */
  readonly fix?: string;
}

/** Looks at this host: what it gives containers, and what to do where it does not. */
export async function doctor(): Promise<Check[]> {
  const {rank} = readCaller();
  return [
    checkNsexec(),
    checkUserNamespaces(),
    checkAppArmor(),
    ...checkProtections(),
    ...(rank === 'root' ? [] : [checkSubordinateIds()]),
    ...(rank === 'user' ? [checkMappers()] : []),
    checkCgroups(),
    await checkRun(),
  ];
}

function checkNsexec(): Check {
  try {
    return {name: 'nsexec', ok: true, found: findNsexec()};
  } catch (error) {
    const {message, hint} = error as Error & {hint?: string};
    return {name: 'nsexec', ok: false, found: message, ...(hint === undefined ? {} : {fix: hint})};
  }
}

function checkUserNamespaces(): Check {
  const name = 'user namespaces';
  const limit = readNumber('/proc/sys/user/max_user_namespaces');
  const allowed = readNumber('/proc/sys/kernel/unprivileged_userns_clone') ?? 1;
  if (!existsSync('/proc/self/ns/user')) {
    return {name, ok: false, found: 'the kernel has none', fix: 'use a kernel with CONFIG_USER_NS'};
  }
  if (limit === 0) {
    return {
      name,
      ok: false,
      found: 'user.max_user_namespaces is 0',
      fix: 'sysctl -w user.max_user_namespaces=15000, and keep it in /etc/sysctl.d',
    };
  }
  if (allowed === 0) {
    return {
      name,
      ok: callerIds()[0] === 0 ? 'warn' : false,
      found: 'kernel.unprivileged_userns_clone is 0: only root may make them',
      fix: 'sysctl -w kernel.unprivileged_userns_clone=1, and keep it in /etc/sysctl.d',
    };
  }
  return {name, ok: true, found: `up to ${limit ?? 'any number of'} for each user`};
}

/** Ubuntu since 23.10 lets only programs with a profile of their own use user namespaces. */
function checkAppArmor(): Check {
  const name = 'AppArmor';
  const restricted = readNumber('/proc/sys/kernel/apparmor_restrict_unprivileged_userns');
  if (restricted !== 1 || callerIds()[0] === 0) {
    const found = isEnabled('apparmor')
      ? 'enabled, does not restrict user namespaces; a container has the profile that is asked for'
      : 'not enabled: no profile can be asked for, and user namespaces are not restricted';
    return {name, ok: true, found};
  }
  return {
    name,
    ok: 'warn',
    found: 'restricts user namespaces to programs with a profile',
    fix: `give nsexec one, in /etc/apparmor.d/minicontainer: "profile minicontainer ${nsexecPath()} flags=(unconfined) { userns, }"; then apparmor_parser -r it`,
  };
}

/** @see /sys/module/apparmor/parameters/enabled */
function isEnabled(module: string): boolean {
  try {
    return readFileSync(`/sys/module/${module}/parameters/enabled`, 'utf8').startsWith('Y');
  } catch {
    return false;
  }
}

function nsexecPath(): string {
  try {
    return findNsexec();
  } catch {
    return '/path/to/nsexec';
  }
}

function checkSubordinateIds(): Check {
  const name = 'subordinate ids';
  const count = readCaller().uids.reduce((sum, {size}) => sum + size, 0);
  if (count > 1) return {name, ok: true, found: `${count} ids in a container`};
  return {
    name,
    ok: 'warn',
    found: 'one id in a container: no user but root there',
    fix: 'as root of the host: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 NAME',
  };
}

function checkMappers(): Check {
  const found = ['newuidmap', 'newgidmap'].map(findProgram);
  if (found.every((path) => path !== undefined)) {
    return {name: 'newuidmap', ok: true, found: found.join(' ')};
  }
  return {
    name: 'newuidmap',
    ok: 'warn',
    found: 'missing: subordinate ids cannot be used',
    fix: 'as root: apt-get install uidmap',
  };
}

function checkCgroups(): Check {
  const layout = readCgroupLayout(readFileSync('/proc/self/mountinfo', 'utf8'));
  const words = {0: 'none mounted', 1: 'version 1', 2: 'version 2'} as const;
  return {name: 'cgroups', ok: layout.version === 0 ? 'warn' : true, found: words[layout.version]};
}

/** Nothing tells as much as a container does. */
async function checkRun(): Promise<Check> {
  const name = 'a container';
  try {
    const {exitCode} = await run({source: {kind: 'host'}, command: ['/bin/true']});
    return {name, ok: exitCode === 0, found: `/bin/true ended with ${exitCode}`};
  } catch (error) {
    const {message, hint} = error as Error & {hint?: string};
    return {name, ok: false, found: message, ...(hint === undefined ? {} : {fix: hint})};
  }
}

function readNumber(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
