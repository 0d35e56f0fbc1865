import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const attacks = readdirSync(join(root, 'test/security'), {recursive: true, encoding: 'utf8'})
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => `test/security/${path}`);

/** Numbers as in `CVE-2019-5736` and, in a table of them, `2019-5736`. */
const numbersIn = (text: string) => new Set(text.match(/\b20\d\d-\d{4,5}\b/g));

/** Tests by their paths, where a document cites them. */
const testsIn = (text: string) =>
  [...text.matchAll(/`((?:test|native)\/[\w./-]+\.(?:test\.ts|mjs))`/g)].map(
    ([, path]) => path ?? '',
  );

describe.each(['SECURITY.md', 'docs/security-tests.md'])('%s', (document) => {
  it('cites tests that are there', () => {
    const cited = testsIn(read(document));
    expect(cited.length).toBeGreaterThan(10);
    expect(cited.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('the list of what has gone wrong elsewhere', () => {
  const rows = read('docs/security-tests.md')
    .split('\n')
    .filter((line) => line.startsWith('|'));

  it('has every CVE that a test names', () => {
    const listed = numbersIn(rows.join('\n'));
    const named = attacks.flatMap((path) => [...numbersIn(read(path))]);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((number) => !listed.has(number))).toEqual([]);
  });

  it('names for each the test of test/security that names it too', () => {
    const problems = rows.flatMap((row) => {
      const cited = testsIn(row).filter((path) => attacks.includes(path));
      if (cited.length === 0) return [];
      const named = new Set(cited.flatMap((path) => [...numbersIn(read(path))]));
      return [...numbersIn(row)].some((number) => named.has(number)) || row.startsWith('| none')
        ? []
        : [row];
    });
    expect(problems).toEqual([]);
  });
});
