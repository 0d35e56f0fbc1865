import {cloneFlag, memoryPolicyWords, mountOptionNames} from '@minicontainer/plan';
import {seccompWords} from '@minicontainer/seccomp';
import {capabilityNames, hookNames, specVersions} from '@minicontainer/spec';

/**
 * What of the runtime spec there is, whatever this host has: from the tables that it is done by.
 *
 * Of annotations none changes anything, so that none is unsafe: neither `run.oci.*` of crun's nor
 * `org.systemd.property.*` (CVE-2024-3154).
 *
 * @see OCI runtime spec, features.md, features-linux.md
 */
export function runtimeFeatures(version: string): object {
  return {
    ociVersionMin: specVersions.least,
    ociVersionMax: specVersions.most,
    hooks: hookNames,
    mountOptions: mountOptionNames(),
    linux: {
      namespaces: Object.keys(cloneFlag).sort(),
      capabilities: capabilityNames,
      cgroup: {v1: true, v2: true, systemd: true, systemdUser: true, rdma: true},
      seccomp: {
        enabled: true,
        actions: seccompWords.actions,
        operators: seccompWords.operators,
        archs: seccompWords.architectures,
        knownFlags: seccompWords.flags,
        supportedFlags: seccompWords.flags,
      },
      apparmor: {enabled: true},
      selinux: {enabled: true},
      intelRdt: {enabled: true, schemata: true},
      memoryPolicy: memoryPolicyWords,
      mountExtensions: {idmap: {enabled: true}},
      netDevices: {enabled: true},
    },
    annotations: {'org.minicontainer.version': version},
    potentiallyUnsafeConfigAnnotations: [],
  };
}
