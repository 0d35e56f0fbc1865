import {statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {people} from '../e2e/harness/people.ts';
import {useRoom} from './harness/room.ts';

const users = people.filter(({uid}) => uid !== 0);

describe.each(users.map(({name, uid, exists}) => ({name, uid, exists})))(
  'a plain user, $name',
  ({uid, exists}) => {
    describe.skipIf(!exists)('with a container of its own', () => {
      const at = useRoom(uid);

      /** Root inside is the user outside. */
      function write(command: string): void {
        const ids = [{containerID: 0, hostID: uid, size: 1}];
        const types = ['user', 'pid', 'mount', 'ipc', 'uts'];
        at.room.write(command, {
          linux: {uidMappings: ids, gidMappings: ids, namespaces: types.map((type) => ({type}))},
        });
      }

      test('makes, starts, signals and deletes it, and nobody else can look at it', async () => {
        write('exec sleep 100');
        expect(await at.room.create()).toMatchObject({status: 0, stderr: ''});
        expect(statSync(at.room.root)).toMatchObject({uid, mode: 0o40700});
        expect(statSync(at.room.kept())).toMatchObject({uid, mode: 0o40700});
        expect(await at.room.state()).toMatchObject({status: 'created'});
        await at.room.must(['start', at.room.id]);
        expect(await at.room.state()).toMatchObject({status: 'running'});
        await at.room.must(['kill', at.room.id, 'KILL']);
        await expect.poll(() => at.room.state()).toMatchObject({status: 'stopped', pid: 0});
        await at.room.must(['delete', at.room.id]);
      });

      test('opens its streams by their names', async () => {
        write('echo out >/dev/stdout; echo err >>/dev/stderr');
        const words = ['run', '--bundle', at.room.bundle, at.room.id];
        expect(await at.room.oci(words)).toEqual({status: 0, stdout: 'out\n', stderr: 'err\n'});
      });

      test('keeps it below XDG_RUNTIME_DIR unless told otherwise', async () => {
        write('exec sleep 100');
        const env = {XDG_RUNTIME_DIR: at.room.path};
        const [program = ''] = at.room.words([]);
        const oci = (...words: string[]) => at.room.launch(program, words, {env}).result;
        expect(await oci('create', '--bundle', at.room.bundle, at.room.id)).toMatchObject({
          status: 0,
        });
        const kept = join(at.room.path, 'minicontainer-oci', at.room.id);
        expect(statSync(kept)).toMatchObject({uid, mode: 0o40700});
        expect(await oci('delete', '--force', at.room.id)).toMatchObject({status: 0});
      });

      test("has none of root's, nor a place of root's for it", async () => {
        write('exec sleep 100');
        const [program = ''] = at.room.words([]);
        const oci = (...words: string[]) => at.room.launch(program, words, {}).result;
        for (const root of ['/', '/run', '/etc']) {
          const {status, stderr} = await oci('--root', root, 'state', at.room.id);
          expect([status, stderr]).toEqual([1, expect.stringMatching(/is not obeyed/)]);
          const create = ['--root', root, 'create', '--bundle', at.room.bundle, at.room.id];
          expect(await oci(...create)).toMatchObject({status: 1, stderr: /is not obeyed/});
        }
      });
    });
  },
);
