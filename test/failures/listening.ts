import {chmodSync, existsSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import type {Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';

/** The flag for a filter that notifies of what /bin/true does not do, with a listener that is there. */
export function notifyingFlags(person: Person): string[] {
  const {work} = roomOf(person);
  const listenerPath = join(work, 'agent.sock');
  const profile = join(work, 'notifying.json');
  const rule = {names: ['acct'], action: 'SCMP_ACT_NOTIFY'};
  const filter = {defaultAction: 'SCMP_ACT_ALLOW', listenerPath, syscalls: [rule]};
  writeFileSync(profile, JSON.stringify(filter));
  if (!existsSync(listenerPath)) listen(listenerPath);
  return ['--security-opt', `seccomp=${profile}`];
}

function listen(path: string): void {
  const server = createServer((socket) => socket.resume().on('error', () => {}));
  server.listen(path, () => chmodSync(path, 0o777)).unref();
}
