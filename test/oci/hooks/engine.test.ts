import {closeSync, openSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {compileSpec} from '@minicontainer/engine';
import {encodePlan} from '@minicontainer/plan';
import type {Spec} from '@minicontainer/spec';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {nsexecPath, type Running, useRoom} from '../harness/room.ts';
import {until} from '../harness/until.ts';
import {busybox, type Kind, kinds, makeTold, tellingHooks, told, toldKinds} from './told.ts';

describeRoot('hooks of a configuration that the engine performs itself', () => {
  const at = useRoom();

  /** As a Node program has it: compiled, and performed by nsexec with our streams. */
  function perform(command: string, more: Record<string, unknown>): Running {
    const {room} = at;
    room.write(command, more);
    const spec: Spec = JSON.parse(readFileSync(join(room.bundle, 'config.json'), 'utf8'));
    const rootfs = join(room.bundle, 'rootfs');
    const compiled = compileSpec(
      {...spec, root: {path: rootfs}},
      {id: room.id, bundle: room.bundle, cgroups: 'disabled'},
    );
    const path = join(room.path, 'plan');
    writeFileSync(path, encodePlan(compiled));
    const files = ['out', 'err'].map((name) => openSync(join(room.path, name), 'w'));
    const plan = openSync(path, 'r');
    const running = room.launch(nsexecPath(), ['3'], {stdio: ['pipe', ...files, plan]});
    for (const fd of [...files, plan]) closeSync(fd);
    running.child.stdin?.end();
    return running;
  }

  const said = (name: string) => readFileSync(join(at.room.path, name), 'utf8');
  const hook = (line: string) => ({path: busybox, args: ['sh', '-c', line], env: ['PATH=/bin']});

  test('run in their order and places', async () => {
    makeTold(at.room);
    const {result} = perform('sleep 0.5; echo out', {hooks: tellingHooks(at.room)});
    expect((await result).status).toBe(0);
    expect([said('out'), said('err')]).toEqual(['out\n', '']);
    expect(toldKinds(at.room)).toEqual(kinds);
    const states = told(at.room).map(({stdin}) => JSON.parse(stdin));
    expect(states.map(({status}) => status)).toEqual([
      ...['creating', 'creating', 'creating', 'created', 'running', 'stopped'],
    ]);
    const [{pid}] = states;
    expect(states.map((state) => state.pid)).toEqual([pid, pid, 1, 1, pid, 0]);
  });

  test.each(kinds.slice(0, 5))('that fail end it, of kind %s', async (kind: Kind) => {
    makeTold(at.room);
    const hooks = {...tellingHooks(at.room), [kind]: [hook('echo why; exit 3')]};
    expect((await perform('exec sleep 100', {hooks}).result).status).toBe(125);
    expect(said('err')).toMatch(/operation \d+: errno 125 failed with exit status 3: why\n$/);
    expect(toldKinds(at.room)).toEqual([...kinds.slice(0, kinds.indexOf(kind)), 'poststop']);
  });

  test('that fail when it has ended are told, and it ends as its command did', async () => {
    const hooks = {poststop: [hook('exit 3'), hook(`echo > ${at.room.path}/undone`)]};
    expect((await perform('exit 7', {hooks}).result).status).toBe(7);
    expect(said('err')).toContain('failed with exit status 3');
    expect(said('undone')).toBe('\n');
  });

  test.each(['createRuntime', 'createContainer', 'startContainer', 'poststart'])(
    'of kind %s end by a signal that ends it',
    async (kind) => {
      const mark = kind === 'startContainer' ? '/tmp/at-work' : `${at.room.path}/at-work`;
      const running = perform('exec sleep 100', {
        hooks: {[kind]: [hook(`echo > ${mark}; sleep 1000`)]},
      });
      const seen = kind === 'startContainer' ? 'bundle/rootfs/tmp/at-work' : 'at-work';
      await until(() => {
        try {
          return said(seen) !== '';
        } catch {
          return false;
        }
      });
      running.child.kill('SIGTERM');
      expect((await running.result).status).not.toBe(0);
    },
  );
});
