import {readFileSync, readlinkSync, statSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';

const standard = [0, 1, 2];

/**
 * Names that criu has for the standard streams of a process, which come from outside: those of a restored
 * one take their place.
 *
 * @throws {MinicontainerError} `ECRIU` for a terminal, whose other end is not the container's
 */
export function streamsOf(pid: number): string[] {
  return standard.map((fd) => {
    const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
    if (/^(pipe|socket):\[\d+\]$/.test(target)) return target.replace(':', '');
    if (/^\/dev\/(pts\/|console)/.test(target)) {
      throw new MinicontainerError('ECRIU', 'a container with a terminal cannot be checkpointed', {
        hint: 'its terminal is of whoever started it, and ends with that: start it without --tty',
      });
    }
    const mount = /^mnt_id:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1];
    const {ino} = statSync(`/proc/${pid}/fd/${fd}`);
    // criu writes and reads both in hexadecimal.
    return `file[${Number(mount).toString(16)}:${ino.toString(16)}]`;
  });
}
