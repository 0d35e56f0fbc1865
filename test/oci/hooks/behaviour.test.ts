import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describeEach, describeRoot} from '../../e2e/harness/people.ts';
import {processesOf} from '../harness/left.ts';
import {useRoom} from '../harness/room.ts';
import {until} from '../harness/until.ts';
import {busybox, kinds, makeTold, tellingHooks, told, toldKinds} from './told.ts';

/** 64 KiB, as much as a pipe holds, and more. */
const annotations = {large: 'x'.repeat(65_536)};

describeRoot('a hook', () => {
  const at = useRoom();
  const hook = (line: string) => ({
    ...{path: busybox, args: ['sh', '-c', line], env: ['PATH=/bin', `ROOM=${at.room.path}`]},
  });

  const start = (words: string[]) => {
    const [program = '', ...rest] = at.room.words(words);
    return at.room.launch(program, rest);
  };

  test('is told all of a state that is longer than a pipe', async () => {
    const {room} = at;
    makeTold(room);
    room.write('true', {hooks: tellingHooks(room), annotations});
    expect(await room.oci(['run', '--bundle', room.bundle, room.id])).toMatchObject({status: 0});
    expect(toldKinds(room)).toEqual(kinds);
    for (const {stdin} of told(room)) expect(JSON.parse(stdin).annotations).toEqual(annotations);
  });

  test('need not read it', async () => {
    const {room} = at;
    const deaf = [{path: '/bin/busybox', args: ['true']}];
    const hooks = Object.fromEntries(kinds.map((kind) => [kind, deaf]));
    room.write('true', {hooks, annotations});
    expect(await room.oci(['run', '--bundle', room.bundle, room.id])).toMatchObject({status: 0});
  });

  test('may leave something behind, which nobody waits for and nobody ends', async () => {
    const {room} = at;
    const line = `(sleep 1; echo $$ > ${room.path}/late; exec sleep 1000) &`;
    room.write('exec sleep 100', {hooks: {createRuntime: [hook(line)]}});
    const begun = performance.now();
    expect(await room.create()).toMatchObject({status: 0});
    expect(existsSync(join(room.path, 'late'))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(10_000);
    await room.must(['delete', '--force', room.id]);
    await until(() => existsSync(join(room.path, 'late')));
    const left = processesOf(room.path);
    expect(left).toEqual([expect.stringMatching(/sleep 1000/)]);
    for (const process of left) globalThis.process.kill(Number.parseInt(process, 10), 'SIGKILL');
  });

  test('prints to nobody, the container’s output is its command’s alone', async () => {
    const {room} = at;
    const loud = [hook('echo out; echo err >&2')];
    const hooks = Object.fromEntries(kinds.map((kind) => [kind, loud]));
    room.write('echo command', {hooks});
    expect(await room.oci(['run', '--bundle', room.bundle, room.id])).toEqual({
      ...{status: 0, stdout: 'command\n', stderr: ''},
    });
  });

  test.each(['createRuntime', 'createContainer', 'startContainer'])(
    'of kind %s ends with a run that is asked to end',
    async (kind) => {
      const {room} = at;
      const mark = kind === 'startContainer' ? '/tmp/at-work' : `${room.path}/at-work`;
      room.write('true', {hooks: {[kind]: [hook(`echo > ${mark}; sleep 1000`)]}});
      const running = start(['run', '--bundle', room.bundle, room.id]);
      await until(
        () =>
          existsSync(join(room.path, 'at-work')) ||
          existsSync(join(room.bundle, 'rootfs/tmp/at-work')),
      );
      running.child.kill('SIGTERM');
      expect((await running.result).status).not.toBe(0);
      await room.oci(['delete', '--force', room.id]);
    },
  );

  test('ends with a create that is killed, and what it made can be deleted', async () => {
    const {room} = at;
    const poststop = [hook(`echo > ${room.path}/undone`)];
    const createRuntime = [hook(`echo > ${room.path}/at-work; sleep 1000`)];
    room.write('true', {hooks: {createRuntime, poststop}});
    const creating = start(['create', '--bundle', room.bundle, room.id]);
    await until(() => existsSync(join(room.path, 'at-work')));
    creating.child.kill('SIGKILL');
    expect((await creating.result).status).toBe('SIGKILL');
    expect(await room.oci(['delete', '--force', room.id])).toMatchObject({status: 0, stderr: ''});
    expect(readFileSync(join(room.path, 'undone'), 'utf8')).toBe('\n');
  });
});

describeEach('hooks', ({uid, ids}) => {
  const at = useRoom(uid);

  test('of all kinds run for a container with a user namespace', async () => {
    const {room} = at;
    makeTold(room);
    const mapping = [{containerID: 0, hostID: ids === 'shifted' ? 1_000_000 : uid, size: 1}];
    room.write('exec sleep 100', {
      hooks: tellingHooks(room),
      linux: {
        namespaces: ['pid', 'mount', 'ipc', 'uts', 'network', 'user'].map((type) => ({type})),
        uidMappings: mapping,
        gidMappings: mapping,
      },
    });
    const created = await room.create();
    expect(created).toMatchObject({status: 0, stderr: ''});
    const {pid} = await room.state();
    expect(await room.oci(['start', room.id])).toMatchObject({status: 0, stderr: ''});
    await room.must(['delete', '--force', room.id]);
    const own = 'mnt own, net own, pid own, ipc own, uts own, user own';
    const host = own.replaceAll('own', 'host');
    expect(told(room).map(({kind, namespaces}) => [kind, namespaces])).toEqual(
      kinds.map((kind) => [kind, kind.includes('Container') ? own : host]),
    );
    expect(told(room).map(({stdin}) => JSON.parse(stdin).pid)).toEqual([pid, pid, 1, 1, pid, 0]);
  });
});
