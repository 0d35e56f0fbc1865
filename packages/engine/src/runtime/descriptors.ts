import {existsSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';

/** The first that is not a standard stream. */
const first = 3;

/**
 * How many descriptors of the caller's the container is to have, from 3 on, those of socket activation
 * included. The native program, our parent, holds them at their numbers.
 *
 * @throws {MinicontainerError} `EDESCRIPTOR` for one that is not open: something of ours could be there later
 * @see sd_listen_fds(3)
 */
export function requireDescriptors(asked: string): number {
  if (!/^\d{1,4}$/.test(asked)) {
    throw new MinicontainerError('EDESCRIPTOR', `--preserve-fds ${asked} is not a number`);
  }
  const count = Number(asked) + listening();
  for (let fd = first; fd < first + count; fd++) {
    if (existsSync(`/proc/${process.ppid}/fd/${fd}`)) continue;
    throw new MinicontainerError('EDESCRIPTOR', `descriptor ${fd} is to be kept, and is not open`, {
      hint: `--preserve-fds and LISTEN_FDS count the open descriptors from ${first} on`,
    });
  }
  return count;
}

/** Handed over by systemd's socket activation, or by an engine that was. */
export function listening(): number {
  const count = Number(process.env.LISTEN_FDS ?? 0);
  return Number.isInteger(count) && count > 0 && count < 1000 ? count : 0;
}
