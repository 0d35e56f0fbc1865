import {readlinkSync} from 'node:fs';
import {it} from 'vitest';
import {describeEach, describeRoot, someone} from '../e2e/harness/people.ts';
import {bash} from '../e2e/harness/words.ts';
import {expectGuarded} from './harness/attack.ts';
import {
  all,
  altering,
  dropping,
  hides,
  type PlanMutation,
  withoutMounts,
} from './harness/plan-mutants.ts';

const sharing = (flag: bigint) => altering('cloneContainer', ({flags}) => ({flags: flags & ~flag}));

const shared: Readonly<Record<string, PlanMutation>> = {
  net: all(sharing(0x40000000n), dropping('linkUp')),
  ipc: all(sharing(0x08000000n), withoutMounts('/dev/mqueue')),
  uts: all(sharing(0x04000000n), dropping('setHostname')),
  cgroup: all(dropping('unshare'), withoutMounts('/sys/fs/cgroup')),
};

describeEach('the namespaces', (person) => {
  it.each(Object.entries(shared))('%s: is not the host’s', async (type, plan) => {
    const host = readlinkSync(`/proc/self/ns/${type}`);
    await expectGuarded(
      person,
      () => ({
        words: ['/bin/readlink', `/proc/self/ns/${type}`],
        gain: ({stdout}) => (stdout.includes(host) ? host : ''),
      }),
      [{without: 'a namespace of its own', plan}],
    );
  });

  it('of the network is the host’s with --network host alone', async () => {
    const host = readlinkSync('/proc/self/ns/net');
    await expectGuarded(
      person,
      () => ({
        words: ['/bin/readlink', '/proc/self/ns/net'],
        gain: ({stdout}) => (stdout.includes(host) ? host : ''),
      }),
      [{without: 'one of its own, by a flag', flags: ['--network', 'host']}],
    );
  });
});

// Keyrings know no namespaces.
const call = (numbers: string) => `libc.syscall(${numbers})`;
const withKey = `
import ctypes, os, sys
libc = ctypes.CDLL(None)
${call('250, 1, b"minicontainer-security"')}
${call('248, b"user", b"minicontainer-key", b"of the host", 11, -3')}
os.execvp(sys.argv[1], sys.argv[1:])`;
const readKey = `
import ctypes
libc = ctypes.CDLL(None)
key = ${call('250, 10, -3, b"user", b"minicontainer-key", 0')}
buffer = ctypes.create_string_buffer(20)
if key > 0 and ${call('250, 11, key, buffer, 20')} > 0: print(buffer.value.decode())`;

describeEach('the keys of the caller’s session', (person) => {
  it('are not the container’s', async () => {
    await expectGuarded(
      person,
      () => ({
        // The default filter allows no keyctl at all.
        words: ['--security-opt', 'seccomp=unconfined', '/usr/bin/python3', '-c', readKey],
        options: {through: ['python3', '-c', withKey]},
        gain: ({stdout}) => stdout,
      }),
      [{without: 'joinKeyring', plan: dropping('joinKeyring')}],
    );
  });
});

describeRoot('container root', () => {
  it('is nobody on the host, so that what only root may read stays unread', async () => {
    const hostIds = altering(
      'writeProcess',
      () => ({data: '0 0 65536\n'}),
      ({file}) => file.endsWith('_map'),
    );
    await expectGuarded(
      someone,
      () => ({
        words: bash('cat /etc/shadow 2> /dev/null | wc -l | grep -v "^0$"'),
        gain: ({stdout}) => stdout,
      }),
      [{without: 'ids of its own', plan: hostIds}],
    );
  });

  it('with the host’s ids reads no secret that is known to be one', async () => {
    await expectGuarded(
      someone,
      () => ({
        words: [
          '--userns',
          'host',
          ...bash('cat /etc/shadow 2> /dev/null | wc -l | grep -v "^0$"'),
        ],
        gain: ({stdout}) => stdout,
      }),
      [
        {without: 'its mask', plan: dropping('maskPath', hides('/etc/shadow'))},
        {without: 'anything, by --privileged', flags: ['--privileged']},
      ],
    );
  });
});
