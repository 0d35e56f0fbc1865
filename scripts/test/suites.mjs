// What there is to run, in order: what is quick and tells most comes first.
//
// name           what `--suite` chooses by
// what           one line for the reader
// budgetSeconds  what it may take on 2 cores beside another; at three times that it is ended and has failed
// needs          commands; scripts/test/needs.mjs knows their Debian packages
// testUsers      whether, run by root, its tests become the users that scripts/setup-debian makes
// vitest         the project of vitest.config.ts; or
// checks         commands that count as one test each, unless they end with a line
//                `N passed, N failed` or `N passed, N failed, N skipped`
// beside         runs beside those that are not, in namespaces of its own where it is run by root
// longOnly       part of `npm run test:long` alone
import {build} from './needs.mjs';

const bin = (name) => `node_modules/.bin/${name}`;

/** What an emulated machine is made with. */
const machine = [
  ...['qemu-system-x86_64', 'cpio', 'busybox', 'mke2fs', 'modprobe', 'newuidmap', 'apt-get'],
  'setpriv',
];

/** What looks at what is left on the machine can do so beside others in namespaces of its own alone. */
const isRoot = process.getuid() === 0;

export const suites = [
  {
    name: 'lint',
    what: 'format and lint of all sources',
    budgetSeconds: 20,
    checks: [[bin('biome'), 'check', '--error-on-warnings']],
  },
  {
    name: 'types',
    what: 'types of the packages, then of their tests',
    budgetSeconds: 60,
    checks: [
      [bin('tsc'), '-b'],
      [bin('tsc'), '-p', 'tsconfig.test.json'],
    ],
  },
  {
    name: 'unit',
    what: 'what needs no kernel: pure functions beside their sources',
    budgetSeconds: 90,
    vitest: 'unit*',
  },
  {
    name: 'workspace',
    what: 'imports only go down, packages are fit to publish, README examples run',
    budgetSeconds: 120,
    needs: ['busybox'],
    vitest: 'workspace',
  },
  {
    name: 'native',
    what: 'nsexec by itself: builds, size, hostile plans, sanitizers, fuzzing',
    budgetSeconds: 150,
    needs: [...build, 'clang'],
    testUsers: true,
    checks: [['node', 'native/nsexec/test/check.mjs']],
  },
  {
    name: 'conformance',
    what: 'what other OCI runtimes write and do, compared with ours',
    budgetSeconds: 60,
    needs: ['runc', 'crun', 'gcc', 'scmp_sys_resolver'],
    vitest: 'conformance',
  },
  {
    name: 'peers',
    what: 'a process sees and may do nothing that docker and podman both keep from it',
    budgetSeconds: 60,
    needs: [
      ...build,
      'crun',
      'runc',
      'bwrap',
      'podman',
      'docker',
      'dockerd',
      'busybox',
      'newuidmap',
    ],
    testUsers: true,
    vitest: 'peers',
  },
  {
    name: 'e2e',
    what: 'the installed command on a real kernel, as root and as plain users',
    budgetSeconds: 480,
    needs: [...build, 'newuidmap', 'ip', 'ps', 'tmux', 'strace', 'socat', 'python3', 'vi'],
    testUsers: true,
    vitest: 'e2e',
  },
  {
    name: 'terminal',
    what: 'shells and editors in a real terminal, which is as before when they have ended',
    budgetSeconds: 120,
    needs: [...build, 'newuidmap', 'ps', 'tmux', 'vi', 'script'],
    testUsers: true,
    vitest: 'terminal',
  },
  {
    name: 'failures',
    what: 'every kind of operation fails, by strace: what is told, what is left',
    budgetSeconds: 240,
    needs: [...build, 'newuidmap', 'strace', 'busybox'],
    testUsers: true,
    vitest: 'failures',
  },
  {
    name: 'security',
    what: 'attacks, each on the product as it is and on one that lacks the protection',
    budgetSeconds: 200,
    needs: [...build, 'newuidmap', 'busybox', 'python3', 'capsh'],
    testUsers: true,
    vitest: 'security',
  },
  {
    name: 'oci',
    what: 'the runtime command line as engines use it: lifecycle, configuration, validation programs',
    budgetSeconds: 260,
    needs: [
      ...build,
      ...['busybox', 'ip', 'ps', 'runc', 'crun', 'strace', 'python3', 'script', 'newuidmap'],
    ],
    testUsers: true,
    vitest: 'oci',
  },
  {
    name: 'images',
    beside: isRoot,
    what: 'images from registries and archives: pulled, unpacked, run, removed; and hostile ones',
    budgetSeconds: 750,
    needs: [
      ...build,
      ...['docker-registry', 'skopeo', 'umoci', 'buildah', 'podman', 'zstd', 'openssl', 'python3'],
      ...['busybox', 'newuidmap', 'debootstrap', 'setfattr'],
    ],
    testUsers: true,
    vitest: 'images',
  },
  {
    name: 'vm',
    beside: true,
    what: 'the installed command on an older kernel with cgroup v2 alone, in an emulated machine',
    budgetSeconds: 300,
    needs: [...build, ...machine, 'script', 'criu'],
    vitest: 'vm',
  },
  {
    name: 'vm-systemd',
    beside: true,
    what: 'the same under systemd: scopes, a rootless login, AppArmor',
    budgetSeconds: 300,
    needs: [...build, ...machine, 'debootstrap'],
    vitest: 'vm-systemd',
  },
  {
    name: 'engines',
    beside: isRoot,
    what: 'docker, its swarm, containerd and podman run their containers through ours',
    budgetSeconds: 300,
    needs: [
      ...build,
      ...['docker', 'dockerd', 'containerd', 'ctr', 'podman', 'runc', 'busybox', 'newuidmap'],
      ...['ip', 'script', 'python3', 'setpriv', 'catatonit'],
    ],
    testUsers: true,
    vitest: 'engines',
  },
  {
    name: 'publish',
    beside: true,
    what: 'published to a registry on loopback, then used as a user would',
    budgetSeconds: 180,
    needs: [...build, 'newuidmap', 'expect', 'ps', 'busybox'],
    testUsers: true,
    vitest: 'publish',
  },
];
