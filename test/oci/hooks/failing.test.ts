import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Hook} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {useRoom} from '../harness/room.ts';
import {busybox, type Kind, kinds, makeTold, tellingHooks, toldKinds} from './told.ts';

const failing: Hook = {
  path: busybox,
  args: ['sh', '-c', 'echo at work; echo no cable >&2; exit 3'],
};
const ofCreate = kinds.slice(0, 3);
const ofStart = kinds.slice(3, 5);
const before = (kind: Kind) => kinds.slice(0, kinds.indexOf(kind));

describeRoot('a hook that fails', () => {
  const at = useRoom();
  const ran = () => existsSync(join(at.room.bundle, 'rootfs/tmp/ran'));

  /** One of each kind, of which one does not do its work and is not the last. */
  function write(kind: Kind, hook = failing): void {
    makeTold(at.room);
    const hooks = tellingHooks(at.room);
    at.room.write('echo > /tmp/ran; exec sleep 100', {
      hooks: {...hooks, [kind]: [hook, ...(hooks[kind] ?? [])]},
    });
  }

  const said = (kind: Kind) =>
    `minicontainer-oci: the ${kind} hook ${busybox} failed with exit status 3: at work no cable\n`;

  test.each(ofCreate)('%s: nothing is created, and poststop hooks run', async (kind) => {
    write(kind);
    expect(await at.room.create()).toEqual({status: 1, stdout: '', stderr: said(kind)});
    await at.room.expectNothingLeft();
    expect(toldKinds(at.room)).toEqual([...before(kind), 'poststop']);
    expect(ran()).toBe(false);
  });

  test.each(ofStart)('%s: the container is ended and deleted', async (kind) => {
    write(kind);
    expect(await at.room.create()).toMatchObject({status: 0});
    expect(await at.room.oci(['start', at.room.id])).toEqual({
      ...{status: 1, stdout: '', stderr: said(kind)},
    });
    await at.room.expectNothingLeft();
    expect(toldKinds(at.room)).toEqual([...before(kind), 'poststop']);
    if (kind === 'startContainer') expect(ran()).toBe(false);
    expect(await at.room.oci(['delete', '--force', at.room.id])).toMatchObject({status: 0});
  });

  test.each([...ofCreate, ...ofStart])('%s: run fails, and leaves nothing', async (kind) => {
    for (const flags of [[], ['--detach']]) {
      write(kind);
      const {status, stderr} = await at.room.oci([
        ...['run', ...flags, '--bundle', at.room.bundle, at.room.id],
      ]);
      expect({status, stderr}).toEqual({status: 1, stderr: said(kind)});
      await at.room.expectNothingLeft();
      expect(toldKinds(at.room)).toEqual([...before(kind), 'poststop']);
    }
  });

  test.each(['text', 'json'])(
    'poststop: a warning, also in a log of %s; the others run',
    async (format) => {
      write('poststop');
      const log = join(at.room.path, 'log');
      await at.room.create();
      const flags = ['--log', log, '--log-format', format];
      const {status, stderr} = await at.room.oci([...flags, 'delete', '--force', at.room.id]);
      const warning = said('poststop').replace(': ', ': warning: ');
      expect({status, stderr}).toEqual({status: 0, stderr: warning});
      expect(toldKinds(at.room)).toEqual([...ofCreate, 'poststop']);
      const line = readFileSync(log, 'utf8');
      expect(line).toMatch(format === 'json' ? '"level":"warning"' : 'level=warning');
      expect(line).toContain('the poststop hook /bin/busybox failed with exit status 3');
      await at.room.expectNothingLeft();
    },
  );

  describe('is told by how it ended', () => {
    const shell = (line: string, more: Partial<Hook> = {}) => ({
      ...{path: busybox, args: ['sh', '-c', line], ...more},
    });

    test.each<[string, () => Hook, string]>([
      ['a signal', () => shell('kill -9 $$'), 'was ended by signal 9'],
      ['no word', () => shell('exit 1'), 'failed with exit status 1'],
      [
        'many words',
        () => shell('for i in $(busybox seq 100); do echo line $i; done; exit 1'),
        'line 98 line 99 line 100',
      ],
      [
        'no end',
        () => shell('echo waits; sleep 100', {timeout: 1}),
        'did not end within 1 s, and was killed: waits',
      ],
      ['nothing there', () => ({path: '/does/not/exist'}), 'cannot be executed: ENOENT'],
      ['no permission', () => ({path: file('data', '', 0o644)}), 'cannot be executed: EACCES'],
      ['no program', () => ({path: file('data', 'echo', 0o755)}), 'cannot be executed: ENOEXEC'],
      [
        'no interpreter',
        () => ({path: file('script', '#!/does/not/exist\n', 0o755)}),
        'cannot be executed: ENOENT',
      ],
    ])('%s', async (_, hook, how) => {
      for (const kind of ['createRuntime', 'createContainer'] as const) {
        const made = hook();
        write(kind, made);
        const {status, stderr} = await at.room.create();
        expect(stderr).toContain(`the ${kind} hook ${made.path} `);
        expect(stderr).toContain(how);
        expect(status).toBe(1);
        await at.room.expectNothingLeft();
      }
    });

    function file(name: string, text: string, mode: number): string {
      const path = join(at.room.path, name);
      writeFileSync(path, text);
      chmodSync(path, mode);
      return path;
    }

    test('that is in the container: what is there only on the host is not there', async () => {
      mkdirSync(join(at.room.path, 'hooks'));
      const path = join(at.room.path, 'hooks/hook');
      writeFileSync(path, '#!/bin/sh\n');
      chmodSync(path, 0o755);
      write('startContainer', {path});
      await at.room.create();
      const {status, stderr} = await at.room.oci(['start', at.room.id]);
      expect(stderr).toContain(`the startContainer hook ${path} cannot be executed: ENOENT`);
      expect(stderr).toContain('hint: its path is looked for in the root file system');
      expect(status).toBe(1);
    });
  });

  test('by its time limit takes with it what it has started', async () => {
    for (const kind of ['prestart', 'createContainer', 'startContainer', 'poststart'] as const) {
      write(kind, {
        path: busybox,
        args: ['sh', '-c', 'sleep 1000 & sleep 1000'],
        env: ['PATH=/bin', `ROOM=${at.room.path}`],
        timeout: 1,
      });
      const {status, stderr} = await at.room.oci([
        ...['run', '--detach', '--bundle', at.room.bundle, at.room.id],
      ]);
      expect(stderr).toContain(`the ${kind} hook ${busybox} did not end within 1 s`);
      expect(status).toBe(1);
      await at.room.expectNothingLeft();
    }
  });
});
