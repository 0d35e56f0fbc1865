import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {freeze} from './harness/freezer.ts';
import {lockFile} from './harness/lock.ts';
import {useRoom} from './harness/room.ts';

// What is seen on the left, the status on the right: nothing of it is stored.

describe('the status of a container', () => {
  const at = useRoom();

  async function created(command = 'exec sleep 100'): Promise<number> {
    at.room.write(command);
    expect(await at.room.create()).toMatchObject({status: 0});
    return (await at.room.state()).pid;
  }

  test('is created when it waits at its gate, and running when it has been started', async () => {
    const pid = await created();
    expect(await at.room.state()).toMatchObject({status: 'created', pid});
    await at.room.must(['start', at.room.id]);
    expect(await at.room.state()).toMatchObject({status: 'running', pid});
    await end();
  });

  test('is told with the fields that runc has, and annotations as they were given', async () => {
    const annotations = {plain: 'yes', odd: 'a"b\\c\n\u001b[2J</script>'};
    at.room.write('exec sleep 100', {annotations});
    expect(await at.room.create()).toMatchObject({status: 0});
    const state = await at.room.state();
    expect(state).toEqual({
      ...{ociVersion: '1.0.2', id: at.room.id, status: 'created', pid: expect.any(Number)},
      ...{bundle: at.room.bundle, rootfs: join(at.room.bundle, 'rootfs'), annotations},
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    const runc = join(at.room.path, 'runc');
    const other = `${at.room.id}-runc`;
    const {result} = at.room.launch('runc', [
      ...['--root', runc, 'create', '--bundle', at.room.bundle, other],
    ]);
    expect(await result).toMatchObject({status: 0});
    const {stdout} = await at.room.launch('runc', ['--root', runc, 'state', other]).result;
    await at.room.launch('runc', ['--root', runc, 'delete', '--force', other]).result;
    // Of which user it is, runc says as well; the specification does not.
    const {owner: _owner, ...fields} = JSON.parse(stdout);
    expect(Object.keys(state).sort()).toEqual(Object.keys(fields).sort());
    expect(fields.annotations).toEqual(state.annotations);
    await end();
  });

  test('is paused when its cgroup is frozen, started or not', async () => {
    await created();
    await freeze(at.room.id, true);
    expect(await at.room.state()).toMatchObject({status: 'paused'});
    const {status, stderr} = await at.room.oci(['start', at.room.id]);
    expect(stderr).toMatch('it is paused, not created');
    expect(status).toBe(1);
    await freeze(at.room.id, false);
    expect(await at.room.state()).toMatchObject({status: 'created'});
    await at.room.must(['start', at.room.id]);
    await freeze(at.room.id, true);
    expect(await at.room.state()).toMatchObject({status: 'paused'});
    await end();
  });

  test('is stopped, without a pid, when its first process has ended', async () => {
    await created('exit 3');
    await at.room.must(['start', at.room.id]);
    await expect.poll(() => at.room.state()).toMatchObject({status: 'stopped', pid: 0});
    await at.room.must(['delete', at.room.id]);
  });

  test('is stopped when it was killed at its gate', async () => {
    process.kill(await created(), 'SIGKILL');
    await expect.poll(() => at.room.state()).toMatchObject({status: 'stopped', pid: 0});
    const {status, stderr} = await at.room.oci(['start', at.room.id]);
    expect({status, stderr}).toMatchObject({status: 1, stderr: /it is stopped, not created/});
    await at.room.must(['delete', at.room.id]);
  });

  test('is stopped when its first process is a zombie', async () => {
    await created();
    const parent = spawn('python3', ['-c', parentOfZombie], {stdio: ['ignore', 'pipe', 'ignore']});
    const [printed] = await once(parent.stdout, 'data');
    const before = record();
    await expect.poll(() => startOf(Number(printed))?.state).toBe('Z');
    forge(`${Number(printed)} ${startOf(Number(printed))?.start} ${before.boot}`);
    expect(await at.room.state()).toMatchObject({status: 'stopped', pid: 0});
    parent.kill();
    forge(before.text);
    await end();
  });

  test('is stopped when its pid is that of another process', async () => {
    await created();
    const before = record();
    forge(`${process.pid} ${before.start} ${before.boot}`);
    expect(await at.room.state()).toMatchObject({status: 'stopped', pid: 0});
    expect(await at.room.oci(['kill', at.room.id, 'KILL'])).toMatchObject({
      status: 1,
      stderr: /container not running/,
    });
    forge(before.text);
    await end();
  });

  test('is stopped when the machine has been started again', async () => {
    await created();
    const before = record();
    forge(before.text.replace(before.boot, '00000000-0000-0000-0000-000000000000'));
    expect(await at.room.state()).toMatchObject({status: 'stopped', pid: 0});
    forge(before.text);
    await end();
  });

  test.each(['', '1', 'x y z', '1 2', '-1 5 boot', '99999999999999999999 1 boot', '\0\0'])(
    'is stopped when its record of the first process is %j',
    async (text) => {
      await created();
      const before = record();
      forge(text);
      expect(await at.room.state()).toMatchObject({status: 'stopped', pid: 0});
      forge(before.text);
      await end();
    },
  );

  test('is creating while somebody holds its lock and no first process is recorded', async () => {
    await created();
    const before = record();
    rmSync(join(at.room.kept(), 'init'));
    const unlock = await lockFile(join(at.room.kept(), 'lock'));
    expect(await at.room.state()).toMatchObject({status: 'creating', pid: 0});
    await unlock();
    expect(await at.room.state()).toMatchObject({status: 'stopped', pid: 0});
    forge(before.text);
    await end();
  });

  test.each(['config.json', 'state', 'plan', 'init', 'start', 'gate', 'lock'])(
    'without its file %s leaves nothing that cannot be deleted',
    async (file) => {
      await created();
      rmSync(join(at.room.kept(), file));
      const state = await at.room.oci(['state', at.room.id]);
      if (file === 'state') expect(state.stderr).toMatch('does not exist');
      else expect(JSON.parse(state.stdout).status).toMatch(/^(created|running|stopped)$/);
      await at.room.must(['delete', '--force', at.room.id]);
      expect(await at.room.create()).toMatchObject({status: 0});
      await at.room.must(['delete', at.room.id]);
    },
  );

  test('with a plan of another version is deleted by what stands beside it', async () => {
    await created();
    const plan = readFileSync(join(at.room.kept(), 'plan'));
    plan.writeUInt32LE(plan.readUInt32LE(4) + 1, 4);
    writeFileSync(join(at.room.kept(), 'plan'), plan);
    expect(await at.room.oci(['start', at.room.id])).toMatchObject({status: 1});
    await at.room.must(['delete', at.room.id]);
  });

  test('of a directory with nothing in it is none, and delete --force removes it', async () => {
    mkdirSync(at.room.kept(), {recursive: true, mode: 0o700});
    expect(await at.room.oci(['state', at.room.id])).toMatchObject({
      status: 1,
      stderr: /does not exist/,
    });
    expect(await at.room.oci(['delete', at.room.id])).toMatchObject({
      status: 1,
      stderr: /does not exist/,
    });
    await at.room.must(['delete', '--force', at.room.id]);
  });

  async function end(): Promise<void> {
    await at.room.must(['delete', '--force', at.room.id]);
  }

  function record(): {text: string; start: string; boot: string} {
    const text = readFileSync(join(at.room.kept(), 'init'), 'utf8');
    const [, start = '', boot = ''] = text.trim().split(' ');
    return {text, start, boot};
  }

  function forge(text: string): void {
    writeFileSync(join(at.room.kept(), 'init'), text);
  }
});

/** Never asks how its child has ended. */
const parentOfZombie = `
import os, time
child = os.fork()
if child == 0: os._exit(0)
print(child, flush=True)
time.sleep(100)
`;

/** Of a process that is there, as proc_pid_stat(5) has it. */
function startOf(pid: number): {state: string; start: string} | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {state: fields[0] ?? '', start: fields[19] ?? ''};
  } catch {
    return undefined;
  }
}
