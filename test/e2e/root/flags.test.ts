import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run} from '../harness/run.ts';
import {makeSystem} from '../harness/system.ts';
import {bash} from '../harness/words.ts';

describeEach('a flag of run', (person) => {
  it('-w starts in a directory of the container', async () => {
    expect(await run(['-w', '/usr/bin', '/bin/pwd'], {as: person})).toMatchObject({
      stdout: '/usr/bin\n',
    });
  });

  it('-w unset starts in the user’s new home, or in / of a root file system', async () => {
    expect(await run(['/bin/pwd'], {as: person})).toMatchObject({stdout: '/root\n'});
    const root = makeSystem(person);
    expect(await run(['--rootfs', root, 'pwd'], {as: person})).toMatchObject({stdout: '/\n'});
  });

  it('-w refuses a directory that is not there', async () => {
    const {status, stdout, stderr} = await run(['-w', '/no/where', '/bin/pwd'], {as: person});
    expect({status, stdout}).toEqual({status: 125, stdout: ''});
    expect(stderr).toMatch(
      /^minicontainer: the working directory \/no\/where cannot be used: ENOENT\nhint: .*-v.*\n$/,
    );
  });

  it('-w refuses a file', async () => {
    const {status, stderr} = await run(['-w', '/etc/passwd', '/bin/pwd'], {as: person});
    expect(status).toBe(125);
    expect(stderr).toMatch(/^minicontainer: the working directory \/etc\/passwd .*ENOTDIR\nhint: /);
  });

  it('--hostname names the container, in its files too', async () => {
    const script = 'hostname; cat /etc/hostname; getent hosts other | wc -l';
    const words = ['--hostname', 'other', ...bash(script)];
    expect(await run(words, {as: person})).toMatchObject({stdout: 'other\nother\n1\n'});
  });

  it('-e sets a variable, and takes one of the caller’s by its name', async () => {
    const words = ['-e', 'A=1', '-e', 'B=', '-e', 'MINE', '-e', 'NOT_SET', '-e', 'C=x=y z\n"$'];
    const script = 'printf "%s|" "$A" "$B" "$MINE" "$C"; test -v B && ! test -v NOT_SET';
    expect(await run([...words, ...bash(script)], {as: person, env: {MINE: 'own'}})).toMatchObject({
      status: 0,
      stdout: '1||own|x=y z\n"$|',
    });
  });

  it('-e PATH is where the command is looked up', async () => {
    const root = makeSystem(person);
    const words = ['--rootfs', root, '-e', 'PATH=/nowhere', 'true'];
    expect(await run(words, {as: person})).toMatchObject({status: 127});
    const other = ['--rootfs', root, '-e', 'PATH=/nowhere:/bin', 'true'];
    expect(await run(other, {as: person})).toMatchObject({status: 0});
  });

  it('--env-file sets what is in a file, and -e wins', async () => {
    const file = join(roomOf(person).work, 'variables');
    writeFileSync(file, '# comment\n\nA=from file\nB="quoted"\nMINE\nD=1\n');
    const words = ['--env-file', file, '-e', 'D=2', ...bash('echo "$A|$B|$MINE|$D"')];
    expect(await run(words, {as: person, env: {MINE: 'own'}})).toMatchObject({
      stdout: 'from file|"quoted"|own|2\n',
    });
  });

  it('--entrypoint stands before the words', async () => {
    const words = ['--entrypoint', '/bin/echo', '/one', '-n', 'two'];
    expect(await run(words, {as: person})).toMatchObject({stdout: '/one -n two\n'});
  });

  it('behind the command belongs to the command', async () => {
    const words = ['/bin/echo', '--rm', '-u', 'x', '--', '--help'];
    expect(await run(words, {as: person})).toMatchObject({stdout: '--rm -u x -- --help\n'});
  });

  it('may be spelled as Docker has it', async () => {
    const words = [
      '--rm=false',
      '-i=true',
      '-eA=b',
      '-w=/usr',
      '--hostname=n',
      '--net=none',
      '--tty=false',
    ];
    expect(
      await run([...words, ...bash('echo $A $(pwd) $(hostname)')], {as: person}),
    ).toMatchObject({
      status: 0,
      stdout: 'b /usr n\n',
    });
  });

  it('--network host brings the host’s name servers and an unchanged /sys', async () => {
    const script = 'test -r /etc/resolv.conf && cat /etc/resolv.conf; touch /sys/x 2>&1';
    const {stdout} = await run(['--network', 'host', ...bash(script)], {as: person});
    expect(stdout).toMatch(/nameserver|touch: cannot touch/);
    expect(stdout).toMatch(/Read-only file system\n$/);
  });
});

describeRoot('-w as another user than root', () => {
  it('refuses what that user may not enter', async () => {
    const {status, stderr} = await run(['-u', '33', '-w', '/root', '/bin/pwd']);
    expect(status).toBe(125);
    expect(stderr).toMatch(/^minicontainer: the working directory \/root .*EACCES\nhint: .*-u/);
  });
});
