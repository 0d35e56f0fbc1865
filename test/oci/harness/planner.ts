import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Barrier} from './barriers.ts';
import type {Result, Room} from './room.ts';

/** What writes, and what opens for it. */
const writing = ['mkdir', 'openat', 'write'];

/** `create`, whose Node is killed at a system call. */
export async function createWithNode(room: Room, barrier?: Barrier): Promise<Result> {
  const inject = barrier && `inject=${barrier.name}:signal=SIGKILL:when=${barrier.nth}`;
  const node = join(room.path, 'node');
  writeFileSync(
    node,
    [
      '#!/bin/sh',
      `exec strace -D -qq -o ${logOf(room)} ${inject ? `-e ${inject}` : ''} ${process.execPath} "$@"`,
    ].join('\n'),
    {mode: 0o755},
  );
  return await room.create(room.id, {env: {MINICONTAINER_NODE: node}});
}

/** Each call with which it writes the container's directory, or all calls from its first on. */
export function planningBarriers(room: Room, isLong: boolean): Barrier[] {
  const counts = new Map<string, number>();
  const calls = readFileSync(logOf(room), 'utf8')
    .split('\n')
    .flatMap((text) => {
      const [, name] = /^(\w+)\(/.exec(text) ?? [];
      if (name === undefined) return [];
      const nth = (counts.get(name) ?? 0) + 1;
      counts.set(name, nth);
      return [{name, nth, text}];
    });
  const first = calls.findIndex(({name, text}) => name === 'mkdir' && text.includes(room.root));
  return calls
    .slice(first)
    .filter(({name}) => isLong || writing.includes(name))
    .map(({name, nth}) => ({name, nth}));
}

function logOf(room: Room): string {
  return join(room.path, 'node.log');
}
