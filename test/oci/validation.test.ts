import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {isRoot} from '../e2e/harness/people.ts';
import {formatValidation} from './validation/document.ts';
import {type Outcomes, runAll} from './validation/outcomes.ts';
import {findPrograms, programs} from './validation/programs.ts';
import {chancesOfCrun, reasons} from './validation/reasons.ts';
import {readRecorded, record} from './validation/record.ts';
import {runtimeUnderTest} from './validation/runtimes.ts';

const document = join(import.meta.dirname, '../../docs/validation.md');
const writes = process.env.MINICONTAINER_VALIDATION === 'write';
const directory = findPrograms();
const runtime = runtimeUnderTest();

if (writes) {
  if (directory === undefined)
    throw new Error('the programs are not here: see test/oci/validation');
  writeFileSync(document, formatValidation(await record(directory)));
}

describe('what was recorded', () => {
  const {failures} = readRecorded();

  test.each(programs)('%s passed with ours, or has its reason', (program) => {
    const reason = reasons[program];
    if (reason?.either) return;
    expect(failures[program].minicontainer === '').toBe(reason === undefined);
  });

  test('is what docs/validation.md tells', () => {
    expect(readFileSync(document, 'utf8')).toBe(formatValidation(readRecorded()));
  });
});

describe.skipIf(directory === undefined || writes || !isRoot)(
  'the validation programs do as recorded',
  () => {
    const {failures} = readRecorded();
    let outcomes: Outcomes;

    beforeAll(async () => {
      outcomes = await runAll(directory ?? '', runtime);
    }, 180_000);

    test.each(programs)(`%s, with ${runtime}`, (program) => {
      const verdict = outcomes.get(program) ?? '';
      if (reasons[program]?.either || (runtime === 'crun' && chancesOfCrun.has(program))) return;
      const recorded = failures[program][runtime];
      if (recorded === '') expect(verdict).toBe('');
      else expect(verdict, `passes, and is recorded to fail: ${recorded}`).not.toBe('');
    });
  },
);
