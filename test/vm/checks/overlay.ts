import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {type Check, check} from './check.ts';
import {parseFacts, type Result, start} from './command.ts';
import {tmpfsHasUserAttributes} from './kernel.ts';
import type {Person} from './people.ts';

/** Everything that an overlay notes in its upper directory: what is gone, new, hidden, moved, copied. */
const script = (material: string) => `
cd ${material}
rm -rf tree; echo rm=$?
mkdir tree; echo mkdir=$?
echo again=$(ls -A tree)
echo new >tree/new
mv named renamed; echo rename=$?
echo renamed=$(cat renamed/file)
mv file moved; echo move=$?
echo moved=$(cat moved)
echo changed >>kept; echo change=$?
ln kept linked; echo link=$?
mkdir whole && mv whole other; echo whole=$?
mkdir theirs; touch theirs/file; chown 5:7 theirs 2>/dev/null
echo chown=$? $(stat -c %u:%g theirs)
echo all=$(ls -A . tree other)
read -r line
`;

const expected = {
  rm: '0',
  mkdir: '0',
  again: '',
  rename: '0',
  renamed: 'in a named directory',
  move: '0',
  moved: 'a file',
  change: '0',
  link: '0',
  whole: '0',
  all: '.: kept linked moved other renamed theirs tree other: tree: new',
};

/** A directory as root file system, copy on write. */
export function overlayOfDirectory(person: Person): Check {
  return check(`${person.name} removes, replaces and renames in --rootfs DIR:O`, async () => {
    const directory = join(person.home, 'system');
    const rootfs = ['--rootfs', `${directory}:O`, 'sh', '-c', script('/material')];
    const facts = await observe(person, rootfs, 'root/upper/material', join(directory, 'material'));
    const chowned = person.uid === 0 || person.subordinate !== undefined;
    assert.deepEqual(facts, {...expected, chown: chowned ? '0 5:7' : '1 0:0'});
  });
}

/** Programs of the host, copy on write: owners are shifted, so only root's containers may change them. */
export function overlayOfHost(person: Person): Check {
  return check(`${person.name} removes, replaces and renames in the host's /usr`, async () => {
    const material = '/usr/share/material';
    const words = ['/bin/bash', '-c', script(material)];
    const facts = await observe(person, words, 'usr/upper/share/material', material);
    assert.deepEqual(facts, {...expected, chown: '0 5:7'});
  });
}

/** Runs it, sees where the upper directory is while it runs, and that nothing beneath has changed. */
async function observe(
  person: Person,
  words: readonly string[],
  upper: string,
  lower: string,
): Promise<Readonly<Record<string, string>>> {
  const before = describe(lower);
  const running = start(person, ['minicontainer', 'run', ...words]);
  await Promise.race([running.printed('all='), running.result]);
  const containers = join(person.state, 'containers');
  const [id = ''] = readdirSync(containers);
  const onDisk = existsSync(join(containers, id, 'rw', upper, 'renamed/file'));
  running.write('');
  const result: Result = await running.result;
  const facts = parseFacts(result);
  assert.deepEqual(describe(lower), before);
  assert.equal(onDisk, !tmpfsHasUserAttributes, 'whether the upper directory is on disk');
  return facts;
}

function describe(directory: string): string[] {
  return readdirSync(directory, {recursive: true, withFileTypes: true}).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const {uid, gid, mode, nlink} = statSync(path);
    const content = entry.isFile() ? readFileSync(path, 'utf8') : '';
    return [path, uid, gid, mode, nlink, content].join(' ');
  });
}
