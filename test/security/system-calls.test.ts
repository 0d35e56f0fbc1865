import {it} from 'vitest';
import {describeEach} from '../e2e/harness/people.ts';
import {bash} from '../e2e/harness/words.ts';
import {expectGuarded} from './harness/attack.ts';
import {dropping} from './harness/plan-mutants.ts';

/** Ways into the kernel that a container never needs, and holes were found behind; each prints what it got. */
const errnoOf = (call: string) => `python3 -c '
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(${call})
if ctypes.get_errno() != 1: print("errno", ctypes.get_errno())'`;

const ways: Readonly<Record<string, string>> = {
  'a user namespace of the payload’s own (CVE-2023-0386, CVE-2022-0185)':
    'unshare --user --map-root-user echo root of its own',
  'an overlay in one (CVE-2023-0386)':
    'unshare -Urm sh -c "mkdir -p /tmp/l /tmp/u /tmp/w /tmp/m && mount -t overlay o -o userxattr,lowerdir=/tmp/l,upperdir=/tmp/u,workdir=/tmp/w /tmp/m" && echo mounted',
  'the options of a file system (CVE-2022-0185)': `unshare -Urm python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(430, b"tmpfs", 0))' | grep -v -- -1`,
  'a cgroup hierarchy, with its release_agent (CVE-2022-0492)':
    'unshare -UrmC sh -c "mount -t cgroup -o freezer c /mnt || mount -t cgroup2 c /mnt; ls /mnt"',
  'the keyrings of the kernel': `python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(250, 0, -3, 1))' | grep -v -- -1`,
  io_uring: errnoOf('425, 1, 0'),
  'programs for the kernel (bpf)': errnoOf('321, 99, 0, 0'),
};

describeEach('the filter of system calls', (person) => {
  it.each(Object.entries(ways))('closes %s', async (_, script) => {
    await expectGuarded(
      person,
      () => ({
        // Landlock, which keeps all from mounting, would hold some of it by itself.
        words: ['--security-opt', 'landlock=unconfined', ...bash(`${script} 2> /dev/null; true`)],
        gain: ({stdout}) => stdout,
      }),
      [
        {without: 'loadSeccomp', plan: dropping('loadSeccomp')},
        {without: 'the filter, by a flag', flags: ['--security-opt', 'seccomp=unconfined']},
      ],
    );
  });
});
