import {it} from 'vitest';
import {describeEach} from '../e2e/harness/people.ts';
import {expectGuarded} from './harness/attack.ts';
import {dropping} from './harness/plan-mutants.ts';

/** Starts a command with a terminal that is its own to control, as a login does; stdout stays what it is. */
const atTerminal = `
import fcntl, os, pty, subprocess, sys, termios
master, slave = pty.openpty()
def control():
  os.setsid()
  fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
sys.exit(subprocess.run(sys.argv[1:], stdin=slave, stdout=1, preexec_fn=control).returncode)`;

/** Types into whatever terminal there is: by TIOCSTI, TIOCLINUX, or in the 64 bits that a filter may overlook. */
const type = `
import fcntl, os
try: descriptors = [0, 1, 2, os.open("/dev/tty", os.O_RDWR)]
except OSError: descriptors = [0, 1, 2]
for descriptor in descriptors:
  if os.isatty(descriptor): print("terminal", descriptor)
  for request in (0x5412, 0x541c):
    try:
      fcntl.ioctl(descriptor, request, b"\\x02")
      print("typed", request)
    except OSError: pass`;

describeEach('CVE-2017-5226, CVE-2023-28339: the caller’s terminal', (person) => {
  it('cannot be typed into without -t: the container has none', async () => {
    await expectGuarded(
      person,
      () => ({
        words: ['/usr/bin/python3', '-c', type],
        options: {through: ['python3', '-c', atTerminal]},
        gain: ({stdout}) => stdout,
      }),
      [{without: 'openPipes', plan: dropping('openPipes')}],
    );
  });
});
