import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot} from '../harness/people.ts';
import {run, shell} from '../harness/run.ts';

describeEach('a standard stream', (person) => {
  it('that is closed for input reads as empty', async () => {
    expect(await shell('minicontainer run /bin/cat <&-', {as: person})).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  it.each(['>&-', '2>&-', '<&- >&- 2>&-'])('that is closed (%s) breaks nothing', async (closed) => {
    const script = `minicontainer run /bin/sh -c 'echo out; echo err >&2; exit 3' ${closed}`;
    const {status, stdout, stderr} = await shell(script, {as: person});
    expect({status, stdout, stderr}).toEqual({
      status: 3,
      stdout: closed.includes(' >&-') || closed.startsWith('>') ? '' : 'out\n',
      stderr: closed.includes('2>&-') ? '' : 'err\n',
    });
  });

  it.each(['head -1', 'true'])(
    'whose reader has gone (%s) fails for a pid 1 that writes',
    async (reader) => {
      // The kernel sends a pid 1 no SIGPIPE: it gets EPIPE, and says so itself.
      const script = `minicontainer run /usr/bin/yes | ${reader}; echo $PIPESTATUS >&2`;
      const {stderr} = await shell(script, {as: person});
      expect(stderr).toBe('/usr/bin/yes: standard output: Broken pipe\n1\n');
    },
  );

  it.each(['head -1', 'true'])(
    'whose reader has gone (%s) ends any other process by SIGPIPE',
    async (reader) => {
      const script = `minicontainer run --init /usr/bin/yes | ${reader}; echo $PIPESTATUS >&2`;
      expect((await shell(script, {as: person})).stderr).toBe('141\n');
    },
  );

  it('whose reader has gone tells a command that ignores SIGPIPE', async () => {
    const command = `trap "" PIPE; while echo x 2> /dev/null; do :; done; exit 7`;
    const script = `minicontainer run /bin/bash -c '${command}' | head -1; echo $PIPESTATUS`;
    expect(await shell(script, {as: person})).toMatchObject({stdout: 'x\n7\n', stderr: ''});
  });

  it('that is a directory is refused as input', async () => {
    expect(await shell('minicontainer run /bin/cat < /', {as: person})).toEqual({
      status: 125,
      stdout: '',
      stderr: expect.stringMatching(/^minicontainer: standard input is a directory\nhint: .*\n$/),
    });
  });

  it('that cannot take what is written says so', async () => {
    const {status, stderr} = await shell('minicontainer run /bin/echo x > /dev/full', {as: person});
    expect(stderr).toMatch(/^minicontainer: .*stdout.*ENOSPC.*\n(hint: .*\n)?$/);
    expect(status).not.toBe(0);
  });

  it('that is /dev/null is no terminal and has no end to wait for', async () => {
    const {status} = await shell('minicontainer run /bin/cat < /dev/null > /dev/null', {
      as: person,
    });
    expect(status).toBe(0);
  });

  it('stays as blocking as the caller had it', async () => {
    const script = `
exec 3< <(sleep 1) 4> >(cat)
minicontainer run /bin/echo x <&3 >&4
grep -h flags /proc/$$/fdinfo/{3,4}`;
    const {stdout} = await shell(script, {as: person});
    const flags = [...stdout.matchAll(/flags:\s+(\d+)/g)].map(([, octal]) =>
      parseInt(octal ?? '', 8),
    );
    expect(flags.map((value) => value & 0o4000)).toEqual([0, 0]);
  });
});

describeRoot('a block device', () => {
  it('is refused as standard input', async () => {
    const device = readdirSync('/dev')
      .map((name) => join('/dev', name))
      .find((path) => statSync(path, {throwIfNoEntry: false})?.isBlockDevice());
    expect(await shell(`minicontainer run /bin/true < ${device}`)).toMatchObject({
      status: 125,
      stderr: expect.stringMatching(/^minicontainer: standard input is a block device\nhint: /),
    });
  });
});

describeEach('a terminal on stdin', (person) => {
  it('is never passed in: without -t nothing can be typed into it (TIOCSTI)', async () => {
    const payload = `
import fcntl, os, sys
sys.stdout.write(f"{os.isatty(0)} ")
try: os.open("/dev/tty", os.O_RDWR)
except OSError as error: sys.stdout.write(f"{error.errno} ")
for number in (0x5412, 0x541c):
  try: print("typed", fcntl.ioctl(0, number, b"x"))
  except OSError as error: sys.stdout.write(f"{error.errno} ")
`;
    const script = `script -qec "minicontainer run /usr/bin/python3 -c '${payload.replaceAll('"', '\\"')}' | cat" /dev/null`;
    const {stdout} = await shell(script, {as: person});
    // No terminal; ENXIO; ENOTTY for both.
    expect(stdout).toBe('False 6 25 25 ');
  });

  it('is refused with nothing left when its program is not there', async () => {
    const script = `script -qec 'minicontainer run /no' /dev/null; true`;
    const {stdout} = await shell(script, {as: person, stdin: 'open'});
    expect(stdout).toMatch(/^minicontainer: \/no is not in the container: ENOENT\r\nhint: .*\r\n$/);
  });

  it('gives the container one of its own', async () => {
    const script = `script -qec 'minicontainer run /bin/sh -c "tty; test -t 2 && echo yes"' /dev/null`;
    const {stdout} = await shell(script, {as: person, stdin: 'open'});
    expect(stdout).toBe('/dev/pts/0\r\nyes\r\n');
  });

  it('is made with -t where the caller has none', async () => {
    expect(await run(['-t', '/bin/tty'], {as: person})).toMatchObject({stdout: '/dev/pts/0\r\n'});
  });
});
