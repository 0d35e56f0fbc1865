import assert from 'node:assert/strict';
import {chownSync, existsSync, mkdirSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {type Check, check} from './check.ts';
import {parseFacts, type Result, start} from './command.ts';
import {tmpfsHasUserAttributes} from './kernel.ts';
import {alice, type Person, root} from './people.ts';
import {isLong} from './wanted.ts';

const layout = '/usr/share/images';
/** Emulated, each takes half a second. */
const layers = isLong ? 128 : 3;

/** What layers say is gone, hidden and somebody's; and what a container makes of them. */
const script = `
echo gone=$(ls -A lower)
echo opaque=$(ls -A lower/opaque)
echo owner=$(stat -c %u:%g owned/file)
echo many=$(ls -A many 2>/dev/null | wc -l)
rm -rf material/tree; echo rm=$?
mkdir material/tree; echo again=$? $(ls -A material/tree)
echo x >>material/kept; chown 5:7 lower/kept 2>/dev/null; echo chown=$?
`;

export function imagesOf(person: Person): Check[] {
  return [
    check(`${person.name} runs an image of ${layers} layers, and removes it`, () =>
      inStore(person, join(person.home, 'images'), async (act) => {
        const name = `oci:${layout}:${isLong ? 'many' : 'few'}`;
        const facts = parseFacts(await act(['run', name, 'sh', '-c', script]));
        assert.deepEqual(facts, expected(person, layers - 3));
        if (!isLong) return;
        const again = await act(['run', await idOf(act), 'cat', 'material/tree/file']);
        assert.equal(again.stdout, 'in a tree\n', again.stderr);
      }),
    ),
  ];
}

/** Before Linux 6.6 it keeps no marks of what is hidden. */
export function imagesInMemory(person: Person): Check {
  return check(`${person.name} runs an image from memory, or is told where to keep it`, () =>
    inStore(person, `/tmp/images-of-${person.name}`, async (act) => {
      const result = await act(['run', `oci:${layout}:few`, 'sh', '-c', script]);
      if (tmpfsHasUserAttributes) {
        assert.deepEqual(parseFacts(result), expected(person, 0));
        return;
      }
      assert.equal(result.status, 125);
      assert.match(result.stderr, /ENOTSUP\nhint: .*set MINICONTAINER_ROOT to a directory on/);
    }),
  );
}

export function nestedImages(): Check {
  return check('root of a user namespace runs an image', () =>
    inStore({...alice, subordinate: 0}, join(alice.home, 'nested'), async (act) => {
      const through = ['busybox', 'unshare', '-Urm'];
      const result = await act(['run', `oci:${layout}:few`, 'sh', '-c', script], through);
      const {owner, chown, ...facts} = parseFacts(result);
      const {owner: _, chown: __, ...rest} = expected(root, 0);
      assert.deepEqual(facts, rest);
      assert.equal(`${owner} ${chown}`, '0:0 1');
    }),
  );
}

function expected({uid, subordinate}: Person, many: number) {
  const hasIds = uid === 0 || subordinate !== undefined;
  return {
    gone: 'kept opaque',
    opaque: 'new',
    owner: hasIds ? '5:7' : '0:0',
    many: `${many}`,
    rm: '0',
    again: '0',
    chown: hasIds ? '0' : '1',
  };
}

type Act = (words: readonly string[], through?: readonly string[]) => Promise<Result>;

async function idOf(act: Act): Promise<string> {
  const {stdout, stderr} = await act(['images', '-q']);
  const id = stdout.trim();
  assert.match(id, /^[0-9a-f]{12}$/, stderr);
  return id;
}

/** With a store of the person's, of which nothing is left in the end but what nobody else may own. */
async function inStore(
  person: Person,
  store: string,
  check: (act: Act) => Promise<void>,
): Promise<void> {
  const act: Act = (words, through = []) => {
    const environment = ['env', `MINICONTAINER_ROOT=${store}`];
    const running = start(person, [...environment, ...through, 'minicontainer', ...words]);
    running.process.stdin?.end();
    return running.result;
  };
  mkdirSync(store, {mode: 0o700});
  chownSync(store, person.uid, person.uid);
  try {
    await check(act);
    const pruned = await act(['prune', '--all', '--force']);
    assert.equal(pruned.status, 0, pruned.stderr);
    for (const name of ['snapshots', 'tmp', 'blobs/sha256', 'containers']) {
      const path = join(store, name);
      assert.deepEqual(existsSync(path) ? readdirSync(path) : [], [], `left in ${name}`);
    }
  } finally {
    rmSync(store, {recursive: true, force: true});
  }
}
