import {describe, expect, it} from 'vitest';
import {familyOf, kill, survivors} from '../harness/family.ts';
import {describeEach} from '../harness/people.ts';
import {run, start} from '../harness/run.ts';
import {bash} from '../harness/words.ts';

const clearDeathSignal = `
import ctypes, os, signal, time
libc = ctypes.CDLL(None)
libc.prctl(1, 0)
signature = ctypes.c_int(-1)
libc.prctl(2, ctypes.byref(signature))
assert signature.value == 0
for number in range(1, 65):
  try: signal.signal(number, signal.SIG_IGN)
  except (OSError, ValueError): pass
print("ready", flush=True)
time.sleep(100)`;

const doubleFork = `
import os, time
if os.fork() == 0:
  os.setsid()
  if os.fork() == 0:
    os.setsid()
    for fd in range(3, 64):
      try: os.close(fd)
      except OSError: pass
    print("ready", flush=True)
    time.sleep(100)
  os._exit(0)
time.sleep(100)`;

// A set-user-ID program clears the death signal of its process, and runs as somebody else.
const setUserId = `
cp /bin/sleep /tmp/sleep; chown 33 /tmp/sleep; chmod 6755 /tmp/sleep
setpriv --reuid 34 --clear-groups /tmp/sleep 100 & sleep 0.1
ps -o euser= -p $! | grep -q www-data && echo ready
exec setpriv --reuid 34 --clear-groups /tmp/sleep 100`;

const payloads = {
  'clears its death signal and ignores all others': ['/usr/bin/python3', '-c', clearDeathSignal],
  'forks twice into sessions of its own': ['/usr/bin/python3', '-c', doubleFork],
  'executes a set-user-ID program': bash(setUserId),
  'starts many processes': bash('for n in {1..30}; do setsid sleep 100 & done; echo ready; wait'),
};

describeEach('a container', (person) => {
  const possible = Object.entries(payloads).filter(
    ([what]) => person.ids !== 'single' || !what.includes('set-user-ID'),
  );

  describe.each(possible)('whose payload %s', (_, words) => {
    it.each([[[]], [['--init']]])(
      'ends when its supervisor is killed, with %j',
      async (flags: string[]) => {
        const container = start(['run', ...flags, ...words], {as: person});
        await container.printed('ready');
        const {all} = familyOf(container.pid);
        expect(all.length).toBeGreaterThanOrEqual(2);
        container.process.kill('SIGKILL');
        expect(await survivors(all, 2000)).toEqual([]);
        expect((await container.result).status).toBe('SIGKILL');
        await expectSwept();
      },
    );

    it.each(['keeper', 'init'] as const)('ends when its %s is killed', async (victim) => {
      const container = start(['run', ...words], {as: person});
      await container.printed('ready');
      const family = familyOf(container.pid);
      kill(family[victim]);
      expect(await survivors(family.all, 2000)).toEqual([]);
      expect((await container.result).status).toBe(137);
    });
  });

  /** What a killed supervisor could not remove, the next run does. */
  async function expectSwept(): Promise<void> {
    expect(await run(['/bin/true'], {as: person})).toEqual({status: 0, stdout: '', stderr: ''});
  }
});

describeEach('a container with files on its layer', (person) => {
  it('is swept by the next run, whatever owners and modes it has given them', async () => {
    const script = `
mkdir -p /etc/deep/er /var/closed; touch /etc/deep/er/file; chmod 0 /etc/deep /var/closed
chown 33:33 /etc/deep 2> /dev/null; echo ready; sleep 100`;
    const container = start(['run', ...bash(script)], {as: person});
    await container.printed('ready');
    container.process.kill('SIGKILL');
    await container.result;
    expect(await run(['/bin/true'], {as: person})).toMatchObject({status: 0, stderr: ''});
  });
});
