import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {run, shell, start} from '../harness/run.ts';
import {bash} from '../harness/words.ts';

const megabytes = 100;

describeEach('the standard streams', (person) => {
  it.each([
    ['pipes', '| minicontainer run /bin/cat |'],
    ['files', '> in; minicontainer run /bin/cat < in > out; cat out |'],
  ])(`carry ${megabytes} MB through %s, unchanged and in order`, async (_, through) => {
    const script = `
mkfifo first second
sha256sum < first > first.sum & sha256sum < second > second.sum &
head -c ${megabytes}M /dev/urandom | tee first ${through} tee second | wc -c
wait; cmp first.sum second.sum`;
    expect(await shell(script, {as: person})).toEqual({
      status: 0,
      stdout: `${megabytes * 1024 * 1024}\n`,
      stderr: '',
    });
  });

  it('wait for a slow reader', async () => {
    const script = `minicontainer run /usr/bin/head -c 1M /dev/zero | { sleep 0.3; wc -c; }`;
    expect(await shell(script, {as: person})).toMatchObject({status: 0, stdout: '1048576\n'});
  });

  it('wait for a slow command', async () => {
    const script = `head -c 1M /dev/zero | minicontainer run /bin/bash -c 'sleep 0.3; wc -c'`;
    expect(await shell(script, {as: person})).toMatchObject({status: 0, stdout: '1048576\n'});
  });

  it('hear signals while nobody reads what the command prints', async () => {
    const script = `
mkfifo unread; exec 3<> unread
minicontainer run /usr/bin/yes > unread & pid=$!
sleep 0.5; kill -TERM $pid; wait $pid; echo $?`;
    const before = performance.now();
    expect(await shell(script, {as: person})).toMatchObject({status: 0, stdout: '143\n'});
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('keep stdout and stderr apart, each in its order', async () => {
    const script = 'for n in {1..200}; do echo out $n; echo err $n >&2; done';
    const {stdout, stderr} = await run(bash(script), {as: person});
    const numbered = (word: string) =>
      Array.from({length: 200}, (_, index) => `${word} ${index + 1}\n`).join('');
    expect({stdout, stderr}).toEqual({stdout: numbered('out'), stderr: numbered('err')});
  });

  it('answer while they are open: each line as it comes', async () => {
    const container = start(['run', ...bash('while read line; do echo "got $line"; done')], {
      as: person,
      stdin: 'open',
    });
    for (const word of ['one', 'two', 'three']) {
      container.stdin.write(`${word}\n`);
      await container.printed(`got ${word}\n`);
    }
    container.stdin.end();
    expect(await container.result).toMatchObject({status: 0, stderr: ''});
  });

  it('tell the command when its input ends', async () => {
    const stdin = {text: 'abc'};
    expect(await run(['/usr/bin/wc', '-c'], {as: person, stdin})).toMatchObject({stdout: '3\n'});
  });

  it('do not keep the container when the command ends and its input does not', async () => {
    const container = start(['run', '/bin/echo', 'done'], {as: person, stdin: 'open'});
    expect(await container.result).toEqual({status: 0, stdout: 'done\n', stderr: ''});
  });

  it('carry every byte as it is', async () => {
    const script = `printf '%b' "$(printf '\\\\x%02x' {0..255})" > all
minicontainer run /bin/cat < all | cmp - all`;
    expect(await shell(script, {as: person})).toEqual({status: 0, stdout: '', stderr: ''});
  });
});
