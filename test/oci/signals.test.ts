import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {useRoom} from './harness/room.ts';

/** What is said, and which signal that is; undefined: none. */
const signals: readonly (readonly [string, number | undefined])[] = [
  ['TERM', 15],
  ['SIGTERM', 15],
  ['term', 15],
  ['sigterm', 15],
  ['15', 15],
  ['015', 15],
  ['HUP', 1],
  ['USR1', 10],
  ['SIGWINCH', 28],
  ['34', 34],
  ['64', 64],
  ['65', undefined],
  ['-1', undefined],
  ['9x', undefined],
  ['0x9', undefined],
  [' 9', undefined],
  ['99999999999999999999', undefined],
  ['nonsense', undefined],
  ['SIG', undefined],
  ['SIGSIGTERM', undefined],
  ['TERM ', undefined],
  ['\u001b[2J', undefined],
];
/** What runc knows not, or takes for what it hardly is. */
const more: typeof signals = [
  ['RTMIN', 34],
  ['RTMIN+3', 37],
  ['SIGRTMIN+3', 37],
  ['rtmax-2', 62],
  ['RTMAX', 64],
  ['+9', undefined],
  ['RTMIN+31', undefined],
  ['RTMIN-1', undefined],
  ['RTMAX+1', undefined],
  ['RTMIN+', undefined],
  ['TERM+1', undefined],
];

/** It says which signals it gets, but for those of its own children. */
const listen = `
n=1
while [ $n -le 64 ]; do
  case $n in 9|17|19|32|33) ;; *) trap "echo signal $n" $n ;; esac
  n=$((n + 1))
done
echo ready
while true; do sleep 0.01; done
`;

describe('a signal', () => {
  const at = useRoom();

  test('is meant by name or number, as runc has it, and by the names of real-time ones', async () => {
    at.room.write(listen);
    const output = `${at.room.path}/output`;
    const create = at.room.launch('sh', [
      ...['-c', '"$@" >"$0"', output, ...at.room.words(['create', '--bundle', at.room.bundle])],
      at.room.id,
    ]);
    expect(await create.result).toMatchObject({status: 0});
    await at.room.must(['start', at.room.id]);
    await expect.poll(() => readFileSync(output, 'utf8')).toMatch('ready');
    for (const [said, number] of [...signals, ...more]) {
      const before = readFileSync(output, 'utf8');
      const {status, stderr} = await at.room.oci(['kill', '--', at.room.id, said]);
      expect([said, status]).toEqual([said, number === undefined ? 1 : 0]);
      if (number === undefined) {
        expect(stderr).toMatch(/^minicontainer-oci: invalid signal "[ -~]*"/);
        continue;
      }
      await expect
        .poll(() => readFileSync(output, 'utf8').slice(before.length), {message: said})
        .toBe(`signal ${number}\n`);
    }
    await at.room.must(['kill', at.room.id, '0']);
    await at.room.must(['delete', '--force', at.room.id]);
  });

  test('that runc takes ours takes, and refuses what runc refuses', async () => {
    at.room.write(listen);
    const runc = ['--root', `${at.room.path}/runc`];
    const other = `${at.room.id}-runc`;
    const output = `${at.room.path}/output`;
    try {
      const create = [...runc, 'run', '--detach', '--bundle', at.room.bundle, other];
      const {result} = at.room.launch('sh', ['-c', 'runc "$@" >"$0"', output, ...create]);
      expect(await result).toMatchObject({status: 0});
      await expect.poll(() => readFileSync(output, 'utf8')).toMatch('ready');
      for (const [said, number] of [...signals, ['0', 0] as const]) {
        const {status} = await at.room.launch('runc', [...runc, 'kill', '--', other, said]).result;
        expect([said, status]).toEqual([said, number === undefined ? 1 : 0]);
      }
    } finally {
      await at.room.launch('runc', [...runc, 'delete', '--force', other]).result;
    }
  });

  test('goes to every process with --all, also where they have no pid namespace', async () => {
    const namespaces = ['mount', 'ipc', 'uts'].map((type) => ({type}));
    at.room.write('sleep 100 & sleep 100 & wait', {linux: {namespaces}});
    expect(await at.room.create()).toMatchObject({status: 0});
    await at.room.must(['start', at.room.id]);
    await expect
      .poll(() => at.room.left().filter((line) => /^process .*sleep/.test(line)).length)
      .toBe(3);
    await at.room.must(['kill', '--all', at.room.id, 'KILL']);
    await expect
      .poll(() => at.room.left().filter((line) => line.startsWith('process')))
      .toEqual([]);
    await at.room.must(['delete', at.room.id]);
  });

  test('for one that has ended is refused, in words that engines know', async () => {
    at.room.write('exit 0');
    expect(await at.room.create()).toMatchObject({status: 0});
    await at.room.must(['start', at.room.id]);
    await expect.poll(() => at.room.state()).toMatchObject({status: 'stopped'});
    expect(await at.room.oci(['kill', at.room.id])).toMatchObject({
      status: 1,
      stderr: /container not running/,
    });
    await at.room.must(['delete', at.room.id]);
    expect(await at.room.oci(['kill', at.room.id])).toMatchObject({
      status: 1,
      stderr: /does not exist/,
    });
  });
});
