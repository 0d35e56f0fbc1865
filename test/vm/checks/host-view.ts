import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {type Check, check} from './check.ts';
import {minicontainer, parseFacts} from './command.ts';
import type {Person} from './people.ts';

const script = `
say() { echo "$1=\${2//$'\\n'/;}"; }
say id "$(id -u):$(id -g)"
say uids "$(while read -r inside outside size; do echo "$inside $outside $size"; done </proc/self/uid_map)"
say pid $$
say name "$HOSTNAME"
say interfaces "$(cd /sys/class/net && echo *)"
say home "$(ls -A /home)"
say shadow "$(cat /etc/shadow 2>&1)"
say below "$(cat /opt/disk/file)"
say write-below "$(echo x 2>&1 >/opt/disk/new)"
say cgroup "$(cat /proc/self/cgroup)"
say cgroups "$(stat -f -c %T /sys/fs/cgroup)"
say root-cgroup "$([ -e /sys/fs/cgroup/cgroup.events ] && echo no || echo yes)"
say other-cgroups "$(cd /sys/fs/cgroup && echo */)"
say make-cgroup "$(mkdir /sys/fs/cgroup/mine 2>&1)"
say leave-cgroup "$(echo $$ 2>&1 >/sys/fs/cgroup/cgroup.procs)"
`;

/** The first command of every user: what a program in the host view sees. */
export function hostView(person: Person): Check[] {
  let facts: Readonly<Record<string, string>> = {};
  return [
    check(`${person.name} runs bash in the host view`, async () => {
      facts = parseFacts(
        await minicontainer(person, ['run', '--hostname', 'inside', '/bin/bash', '-c', script]),
      );
      assert.equal(facts.pid, '1');
      assert.equal(facts.name, 'inside');
      assert.equal(facts.interfaces, 'lo');
      assert.equal(facts.home, '');
    }),
    check(`${person.name}'s container has ids of its own`, async () => {
      assert.equal(facts.id, '0:0');
      assert.match(facts.uids ?? '', idsOf(person));
    }),
    check(`${person.name}'s container cannot read what only the host's root may`, async () => {
      assert.match(facts.shadow ?? '', /^$|Permission denied$/);
    }),
    check(
      `${person.name}'s container reads but never writes a directory with mounts below`,
      async () => {
        assert.equal(facts.below, 'on another mount');
        assert.match(facts['write-below'] ?? '', /Read-only file system$/);
        assert.ok(!existsSync('/opt/disk/new'));
      },
    ),
    check(`/sys/fs/cgroup of ${person.name}'s container begins at its own cgroup`, async () => {
      assert.equal(facts.cgroup, '0::/');
      assert.equal(facts.cgroups, 'cgroup2fs');
      assert.equal(facts['root-cgroup'], 'no');
      assert.equal(facts['other-cgroups'], '*/');
    }),
    check(`/sys/fs/cgroup of ${person.name}'s container is read-only`, async () => {
      assert.match(facts['make-cgroup'] ?? '', /Read-only file system$/);
      assert.match(facts['leave-cgroup'] ?? '', /Read-only file system$/);
    }),
  ];
}

function idsOf({uid, subordinate}: Person): RegExp {
  if (uid === 0) return /^0 18\d{8} 65536$/;
  if (subordinate === undefined) return new RegExp(`^0 ${uid} 1$`);
  return new RegExp(`^0 ${uid} 1;1 ${subordinate} 65536$`);
}
