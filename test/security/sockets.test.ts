import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {expect, it} from 'vitest';
import {familyOf} from '../e2e/harness/family.ts';
import {describeEach} from '../e2e/harness/people.ts';
import {nsexecPath, start} from '../e2e/harness/run.ts';
import {bash} from '../e2e/harness/words.ts';
import {mutantNsexec} from './harness/source-mutants.ts';

/** Names in the network namespace, which any container with that network could connect to. */
function namesOf(pids: readonly number[]): string[] {
  const inodes = new Set(
    pids.flatMap((pid) =>
      listDescriptors(pid).map((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
        } catch {
          return undefined;
        }
      }),
    ),
  );
  return readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , , , , inode, name]) => name !== undefined && inodes.has(inode))
    .map(([, , , , , , , name]) => String(name));
}

/** None of the keeper's and the container's for a plain user; the supervisor has the same sockets. */
function listDescriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

describeEach('a container with the network of the host', (person) => {
  it('finds no socket of ours by a name in it (CVE-2020-15257)', async () => {
    const named = mutantNsexec([
      {
        file: 'main.c',
        from: 'if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED',
        to: `const struct sockaddr any = {.sa_family = AF_UNIX};

	if (bind(context->keeper_socket[0], &any, sizeof(any.sa_family)) < 0 ||
	    setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED`,
      },
    ]);
    for (const [nsexec, names] of [
      [nsexecPath(), 0],
      [named, 1],
    ] as const) {
      const words = ['--network', 'host', ...bash('echo ready; read line')];
      const container = start(['run', ...words], {
        as: person,
        stdin: 'open',
        env: {MINICONTAINER_NSEXEC: nsexec},
      });
      await container.printed('ready');
      const {all} = familyOf(container.pid);
      expect(namesOf([container.pid, ...all.map(({pid}) => pid)]), nsexec).toHaveLength(names);
      container.stdin.end('\n');
      await container.result;
    }
  });
});
