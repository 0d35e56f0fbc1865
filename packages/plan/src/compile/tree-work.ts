import {capabilityMask, type Spec, type UserNamespace} from '@minicontainer/spec';
import {type Operation, operation, type Plan} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {compileIdMaps, mayChangeGroups, ownerOf} from './id-maps.ts';
import {mountAttribute, propagationFlag, recursiveFlag} from './mount-options.ts';
import {cloneFlag} from './namespace-types.ts';
import {compileRelease} from './namespaces.ts';
import {inStageOrder} from './stage-order.ts';

/** Whose files are written or removed. */
export interface TreeOwner {
  readonly host: HostFacts;
  /** The user namespace whose ids own them; without one they are the host's. */
  readonly userNamespace?: UserNamespace;
}

/** Whatever owner, mode and place a file has, and a container's root could give it, too. */
const fileCapabilities = capabilityMask([
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_MKNOD',
  'CAP_SETFCAP',
  'CAP_SYS_CHROOT',
]);

/**
 * Work on files as the root that owns them, by the keeper of no container: in a mount and a network
 * namespace of its own, with the capabilities alone that files take.
 *
 * @param work of the stages `keep` and `vacate`
 * @param mounts what the work needs mounted, of the stage `keep`: in the empty tmpfs in slot `scratch`
 */
export function compileTreeWork(
  {host, userNamespace}: TreeOwner,
  work: readonly Operation[],
  mounts: readonly Operation[] = [],
): Plan {
  const {uidMappings, gidMappings} = userNamespace ?? {uidMappings: [], gidMappings: []};
  const spec: Spec = {ociVersion: '1.2.0', root: {path: '/'}, linux: {uidMappings, gidMappings}};
  const user = userNamespace === undefined ? 0n : cloneFlag.user;
  const operations = [
    operation(
      'clone',
      'cloneKeeper',
      {flags: cloneFlag.pid | user},
      'the files belong to ids that only root of their user namespace may give',
    ),
    ...(userNamespace === undefined ? [] : compileIdMaps(spec, host)),
    compileRelease(),
    operation('keep', 'awaitRelease', {}, 'until then it has no ids'),
    ...(userNamespace === undefined
      ? []
      : [
          operation(
            'keep',
            'becomeRoot',
            {
              uid: ownerOf(uidMappings),
              gid: ownerOf(gidMappings),
              setgroups: mayChangeGroups(gidMappings, host),
            },
            'what it writes is to be its own',
          ),
        ]),
    operation(
      'keep',
      'unshare',
      {flags: cloneFlag.mount | cloneFlag.network},
      'an archive that got the better of us would find no mount to change and nobody to talk to',
    ),
    operation(
      'keep',
      'setPropagation',
      {flags: propagationFlag.private | recursiveFlag},
      'what is mounted here must not appear on the host',
    ),
    ...scratch(),
    ...mounts,
    ...giveUpTheRest(
      userNamespace === undefined ? fileCapabilities & host.capabilities : fileCapabilities,
    ),
    operation('keep', 'dieWithSupervisor', {}, 'nobody would read what it has to say'),
    ...work,
    operation('ending', 'supervise', {}, 'until all is done'),
  ];
  return {operations: inStageOrder(operations), seal: false};
}

function giveUpTheRest(kept: bigint): Operation[] {
  const why = 'an archive that got the better of us could do no more than change files';
  return [
    // Who has not CAP_SETPCAP has little to give up.
    operation('keep', 'dropBounding', {keep: kept}, why, {optional: ['EPERM']}),
    operation(
      'keep',
      'setCapabilities',
      {effective: kept, permitted: kept, inheritable: 0n, ambient: 0n},
      why,
    ),
    operation('keep', 'noNewPrivileges', {}, why),
  ];
}

function scratch(): Operation[] {
  return [
    operation(
      'keep',
      'createMount',
      {
        type: 'tmpfs',
        source: 'minicontainer',
        options: ['mode=755'],
        attributes: mountAttribute.noSuid | mountAttribute.noDev,
        directory: undefined,
        to: 'scratch',
      },
      'room to mount in',
    ),
    operation(
      'keep',
      'attachMount',
      {mount: 'scratch', root: undefined, target: '/', file: false, create: false, follow: true},
      "only what is attached can be mounted upon; stacked on the host's root, which stays beneath",
    ),
  ];
}
