import {buildSpec, type Spec} from '@minicontainer/spec';

const allowed = ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];

/**
 * A configuration to start from: a shell with a terminal, few capabilities and a read-only root, as that
 * of runc.
 *
 * @param owner who is to run it without being root; becomes root of a user namespace
 */
export function startingSpec(owner?: {readonly uid: number; readonly gid: number}): Spec {
  const spec = buildSpec({
    args: ['sh'],
    rootPath: 'rootfs',
    readOnlyRoot: true,
    hostname: 'minicontainer',
    terminal: true,
    noNewPrivileges: true,
    capDrop: ['ALL'],
    capAdd: allowed,
    rlimits: [{type: 'RLIMIT_NOFILE', soft: 1024, hard: 1024}],
    ...(owner && {
      network: 'host' as const,
      userNamespace: {
        uidMappings: [{containerID: 0, hostID: owner.uid, size: 1}],
        gidMappings: [{containerID: 0, hostID: owner.gid, size: 1}],
      },
    }),
  });
  if (owner !== undefined) return spec;
  const devices = [{allow: false, access: 'rwm'}];
  return {...spec, linux: {...spec.linux, resources: {devices}}};
}
