/** Something that ours allows and every one of the bar denies, on purpose. */
export interface Exception {
  readonly things: readonly string[];
  /** Which of ours, where not all. */
  readonly of?: readonly string[];
  readonly reason: string;
  /** A host where it shows; on every host unless said. */
  readonly onlyOn?: string;
}

// In the profile since Debian 12's docker.io and podman were made. Each is harmless there: it does
// what an older call does, or only to the caller itself.
const newer = [
  ...['cachestat', 'fchmodat2', 'futex_requeue', 'futex_wait', 'futex_wake', 'getxattrat'],
  ...['listmount', 'listxattrat', 'map_shadow_stack', 'mseal', 'removexattrat', 'setxattrat'],
  'statmount',
];

/** All of them, each with its reason; docs/comparison.md shows them. */
export const exceptions: readonly Exception[] = [
  {
    things: [
      ...['x86_64', 'i386', 'x32'].flatMap((kind) =>
        newer.map((name) => `system call: ${kind} ${name}`),
      ),
      ...['x86_64', 'x32'].map((kind) => `system call: ${kind} uretprobe`),
    ],
    reason:
      "Calls of Linux 6.5 and later, which Docker's profile of 2026 allows and those that Debian 12's " +
      'docker.io and podman were built with do not know. The container root gains nothing: they read ' +
      'attributes, or do what older calls do; statmount and listmount see only its own mounts.',
  },
  {
    things: ['environment: container'],
    reason:
      'The variable container=minicontainer tells programs such as systemd where they are, as newer ' +
      'Podman does. It says nothing of the host.',
  },
  {
    things: ["cgroup: others' are read"],
    of: ['minicontainer as a user'],
    onlyOn: 'a host where a plain user can make no cgroup, as on cgroup v1',
    reason:
      'Without a cgroup of its own a container has the root of its cgroup view where its caller is, and ' +
      'reads, never writes, what lies below. So does podman there.',
  },
  {
    things: ['device: its cgroup opens every device'],
    of: ['minicontainer as a user'],
    onlyOn: 'cgroup v1, where a plain user can set no filter of devices',
    reason:
      'Its mounts open none but those of /dev, it can make none, and on the host it is its caller, whose ' +
      'rights are all it has. So it is with podman there.',
  },
  {
    things: ['label: none'],
    onlyOn: 'a host with AppArmor or SELinux',
    reason: 'minicontainer installs no profile, so its containers run as confined as their caller.',
  },
];
