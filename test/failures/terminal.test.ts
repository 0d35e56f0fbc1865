import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {launch, nsexecPath} from '../e2e/harness/run.ts';

/** Late enough for the terminal to be raw, early enough to come before anything is typed. */
const failingPoll = 5;

describeEach('a supervisor that cannot wait any longer', (person) => {
  it('says so, ends the container and leaves the terminal as it was', async () => {
    const {work} = roomOf(person);
    const log = join(work, 'strace.log');
    const failing = join(work, 'failing-nsexec');
    const inject = `-e trace=poll,ioctl -e inject=poll:error=EIO:when=${failingPoll}`;
    const strace = `strace -qq -o '${log}' ${inject} '${nsexecPath()}' "$@"`;
    writeFileSync(failing, `#!/bin/sh\nexec ${strace}\n`, {mode: 0o755});
    const line = 'stty -a >before; minicontainer run /bin/cat; echo code $?; stty -a >after';
    const {result} = launch('script', ['-qec', line, '/dev/null'], {
      as: person,
      stdin: 'open',
      env: {MINICONTAINER_NSEXEC: failing, SHELL: '/bin/sh'},
    });
    const {stdout} = await result;
    expect(stdout.split('\r\n')).toEqual([
      expect.stringMatching(/^minicontainer: cannot relay the streams.*: EIO /),
      'code 125',
      '',
    ]);
    expect(readFileSync(log, 'utf8')).toMatch(/TCSETS.*\bEIO\b.*TCSETS/s);
    expect(readFileSync(join(work, 'after'), 'utf8')).toBe(
      readFileSync(join(work, 'before'), 'utf8'),
    );
  });
});
