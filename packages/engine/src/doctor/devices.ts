import {statSync} from 'node:fs';
import {type Check, good, missing, warning} from './check.ts';
import {readNumber, readOptional} from './read.ts';

/** What every container has in /dev, by the number that statx(2) tells as one: major × 256 + minor. */
const expected: Readonly<Record<string, number>> = {
  '/dev/null': 0x103,
  '/dev/zero': 0x105,
  '/dev/full': 0x107,
  '/dev/random': 0x108,
  '/dev/urandom': 0x109,
  '/dev/tty': 0x500,
};

export function checkDevices(): Check[] {
  const entries = Object.keys(expected).map((path): [string, number | undefined] => [
    path,
    deviceNumber(path),
  ]);
  return [
    judgeDefaultDevices(Object.fromEntries(entries)),
    judgeTerminals({
      devpts: /\bdevpts$/m.test(readOptional('/proc/filesystems') ?? ''),
      used: readNumber('/proc/sys/kernel/pty/nr') ?? 0,
      most: readNumber('/proc/sys/kernel/pty/max') ?? Number.POSITIVE_INFINITY,
    }),
  ];
}

/** @param found the numbers of the character devices at these paths */
export function judgeDefaultDevices(found: Readonly<Record<string, number | undefined>>): Check {
  const name = 'default devices';
  const wrong = Object.entries(expected).filter(([path, number]) => found[path] !== number);
  const [[path, number] = []] = wrong;
  if (path === undefined || number === undefined) {
    const names = Object.keys(expected).map((each) => each.replace('/dev/', ''));
    return good(name, names.join(' '));
  }
  return missing(
    name,
    `${wrong.map(([each]) => each).join(' ')}: not there, or another device`,
    `as root: rm -f ${path} && mknod -m 666 ${path} c ${number >> 8} ${number & 0xff}`,
  );
}

/** @param terminals whether the kernel has devpts, and how many terminals there are and may be */
export function judgeTerminals(terminals: {devpts: boolean; used: number; most: number}): Check {
  const name = 'terminals';
  const {devpts, used, most} = terminals;
  if (!devpts) {
    return missing(name, 'the kernel has no devpts', 'use a kernel with CONFIG_UNIX98_PTYS');
  }
  if (used < most) return good(name, `devpts of its own; ${used} in use on the host`);
  return warning(
    name,
    `all ${most} are in use: no container has one (-t)`,
    `as root: sysctl -w kernel.pty.max=${most * 2}`,
  );
}

function deviceNumber(path: string): number | undefined {
  const found = statSync(path, {throwIfNoEntry: false});
  return found?.isCharacterDevice() ? found.rdev : undefined;
}
