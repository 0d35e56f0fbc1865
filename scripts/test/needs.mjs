// What a suite needs of the machine, and who may put it there.
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {root} from '../root.mjs';
import {aptCommand, maySetUp, setUp} from '../setup/debian.mjs';

/** The Debian package of each command that a suite may name in `needs`. */
export const packageOf = {
  make: 'make',
  gcc: 'gcc libc6-dev linux-libc-dev',
  clang: 'clang libclang-rt-14-dev',
  newuidmap: 'uidmap',
  ip: 'iproute2',
  ps: 'procps',
  capsh: 'libcap2-bin',
  tmux: 'tmux',
  expect: 'expect',
  socat: 'socat',
  vi: 'vim-tiny',
  python3: 'python3',
  strace: 'strace',
  busybox: 'busybox-static',
  crun: 'crun',
  runc: 'runc',
  bwrap: 'bubblewrap',
  podman: 'podman',
  docker: 'docker.io',
  dockerd: 'docker.io',
  containerd: 'containerd',
  ctr: 'containerd',
  catatonit: 'catatonit',
  passt: 'passt',
  scmp_sys_resolver: 'seccomp libseccomp-dev',
  'qemu-system-x86_64': 'qemu-system-x86',
  cpio: 'cpio',
  criu: 'criu',
  mke2fs: 'e2fsprogs',
  modprobe: 'kmod',
  script: 'bsdutils',
  'apt-get': 'apt',
  debootstrap: 'debootstrap',
  setpriv: 'util-linux',
  'docker-registry': 'docker-registry',
  skopeo: 'skopeo',
  umoci: 'umoci',
  buildah: 'buildah',
  zstd: 'zstd',
  openssl: 'openssl',
  setfattr: 'attr',
};

/** Whom root's tests become: one with subordinate ids, one without. */
const testUsers = ['mctest', 'mcsolo'];

/** What a suite needs that runs nsexec. */
export const build = ['gcc', 'make'];

/** Everything missing at once, in one line: installed, or named for whoever may install it. */
export function setUpMissing(suites) {
  if (suites.some((suite) => suite.needs !== undefined) && maySetUp()) {
    setUp('test');
  }
  const missing = new Set(suites.flatMap(missingPackages));
  if (missing.size > 0) {
    process.stderr.write(`minicontainer: some tests need packages: ${aptCommand([...missing])}\n`);
  }
}

/** Installs and builds; whether that failed for another reason than a missing compiler. */
export function prepareFailed() {
  const compilerMissing = missingPackages({needs: build}).length > 0;
  const {status} = spawnSync(process.execPath, [join(root, 'scripts', 'prepare.mjs')], {
    stdio: ['ignore', 'inherit', compilerMissing ? 'ignore' : 'inherit'],
  });
  return status !== 0 && !compilerMissing;
}

/** Why a suite cannot run here; undefined where it can. */
export function missingFor(suite) {
  const packages = missingPackages(suite);
  if (packages.length > 0) return `not installed: ${packages.join(', ')}`;
  if (suite.testUsers && process.getuid() === 0) {
    const absent = testUsers.filter((user) => spawnSync('id', [user]).status !== 0);
    if (absent.length > 0) return `no user ${absent.join(', ')}: scripts/setup-debian makes them`;
  }
  return undefined;
}

function missingPackages(suite) {
  return (suite.needs ?? [])
    .filter((command) => !isOnPath(command))
    .map((command) => packageOf[command] ?? command);
}

function isOnPath(command) {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return directories.some((directory) => existsSync(join(directory, command)));
}
