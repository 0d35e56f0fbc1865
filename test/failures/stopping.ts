import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {nsexecPath} from '../e2e/harness/run.ts';

/**
 * A program to run in place of nsexec, which first stops itself: so that strace can be put on it by root,
 * under which set-user-ID programs keep their privileges (newuidmap would have none under the user's own).
 */
export function stoppingNsexec(person: Person): string {
  const path = join(roomOf(person).work, 'stopping-nsexec');
  if (!existsSync(path)) {
    const lines = [
      '#!/bin/sh',
      // The sweep of an earlier run is nobody's to watch.
      '[ "$1" = --cleanup ] || kill -STOP $$',
      `exec '${nsexecPath()}' "$@"`,
    ];
    writeFileSync(path, `${lines.join('\n')}\n`, {mode: 0o755});
  }
  return path;
}
