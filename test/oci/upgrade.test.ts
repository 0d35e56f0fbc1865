import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {decodePlan, type Stage} from '@minicontainer/plan';
import {expect, test} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';

const headerBytes = 32;
/** In a record: which operation it is, by a number that changes when the operation does. */
const signature = 12;

/** Makes a plan that of another version, in all operations of these stages. */
function age(plan: string, wanted: (stage: Stage) => boolean): void {
  const bytes = readFileSync(plan);
  let at = headerBytes;
  for (const {stage} of decodePlan(bytes).operations) {
    if (wanted(stage))
      bytes.writeUInt32LE((bytes.readUInt32LE(at + signature) ^ 1) >>> 0, at + signature);
    at += bytes.readUInt32LE(at);
  }
  writeFileSync(plan, bytes);
}

const lasting: readonly Stage[] = ['start', 'started', 'ending', 'clone', 'attach', 'keep'];

test('a container is started and deleted by a version whose other operations have changed', () => {
  using runtime = new TestRuntime();
  const bundle = runtime.bundle('one', ['sleep', '100']);
  runtime.create(bundle, 'one');
  age(join(runtime.root, 'one/plan'), (stage) => !lasting.includes(stage));
  runtime.must('start', 'one');
  runtime.must('delete', '--force', 'one');
  expect(existsSync(join(runtime.root, 'one'))).toBe(false);
});

test('where even that has changed, delete --force removes process, cgroups and files', () => {
  using runtime = new TestRuntime();
  const bundle = runtime.bundle('one', ['sleep', '100']);
  runtime.start(bundle, 'one');
  const {pid} = JSON.parse(runtime.must('state', 'one'));
  age(join(runtime.root, 'one/plan'), () => true);
  runtime.must('delete', '--force', 'one');
  // Whoever reaps it may not have done so yet.
  const stat = `/proc/${pid}/stat`;
  expect(existsSync(stat) ? readFileSync(stat, 'utf8') : ') Z').toContain(') Z');
  expect(existsSync(join(runtime.root, 'one'))).toBe(false);
});
