import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {describe, expect, it} from 'vitest';
import {compileTemplate, nilList, nilMap, omitEmpty, TemplateError, type Value} from './index.ts';

/** A template, and what the real `docker` made of it: scripts/record-templates.mjs wrote it down. */
interface Recorded {
  readonly format: string;
  readonly stdout?: string;
  readonly error?: string;
}

const maps = new Set(['.Config.ExposedPorts', '.Config.Labels', '.GraphDriver.Data']);
const nils: Readonly<Record<string, Value>> = {
  '.Config.Volumes': nilMap,
  '.Config.Entrypoint': nilList,
  '.Config.OnBuild': nilList,
};
/** What Docker's client leaves out of a configuration, for it stands in none of the specification's. */
const unknown = /^\.Config\.(Hostname|Domainname|Attach|Tty|OpenStdin|StdinOnce|Image)/;

const recorded: Recorded[] = JSON.parse(read('docker-templates.json'));

/** The image of the record, as what Docker knows of it: which of its objects are maps, and what is nil. */
const image = asValue(JSON.parse(read('docker-image.json')), '');

describe('a template', () => {
  it('is compared with docker by a table of at least a hundred', () => {
    expect(recorded.length).toBeGreaterThanOrEqual(100);
    expect(recorded.filter(({error}) => error !== undefined).length).toBeGreaterThan(20);
  });

  it.each(recorded)('$format', ({format, stdout}) => {
    if (stdout === undefined) {
      expect(() => compileTemplate(format)(image)).toThrow(TemplateError);
    } else {
      expect(`${compileTemplate(format)(image)}\n`).toBe(stdout);
    }
  });

  it.each([
    ['{{.Nope}}', 3, 'there is no field Nope'],
    ['a {{.Config.Nope}}', 5, 'there is no field Nope'],
    ['{{.Os.Nope}}', 3, 'the string "linux" has no field Nope'],
    ['{{nope .Os}}', 3, 'there is no function nope'],
    ['{{html "<a>"}}', 3, 'there is no function html'],
    ['{{.Os', 1, 'the action is not closed by }}'],
    ['{{.Os "}}', 7, 'a string is not closed'],
    ['{{.Os ~}}', 7, 'unexpected ~'],
    ['{{"\\q"}}', 3, 'unknown escape \\q'],
    ['{{if .Os}}x', 3, '{{if}} has no {{end}}'],
    ['{{if .Os}}{{else range .Os}}{{end}}', 18, 'unexpected words behind {{else'],
    ['{{}}', 1, 'an action is empty'],
    ['{{.Os | }}', 7, 'a value is missing'],
    ['{{(.Os}}', 3, 'a parenthesis is not closed'],
    ['{{.Os)}}', 6, 'unexpected )'],
    ['{{define "x"}}{{end}}', 3, '{{define}} is not known here'],
    ['{{index .RepoTags 7}}', 3, 'index: index out of range: 7'],
    ['{{len .Size}}', 3, 'len: the number 116512345 has no length'],
    ['{{upper}}', 3, 'upper: it takes 1 value, not 0'],
    ['{{.Os | .Size}}', 9, 'only a function can stand behind |'],
    ['{{$x}}', 3, 'there is no variable $x'],
    ['{{$a, $b := .Os}}', 10, 'too many variables before := or ='],
    ['{{.Os := 1}}', 3, 'only variables may stand before := and ='],
  ])('%s is refused, at column %i: %s', (format, column, reason) => {
    let told = '';
    try {
      compileTemplate(format)(image);
    } catch (error) {
      if (error instanceof MinicontainerError) told = error.message;
    }
    expect(told).toBe(`template ${JSON.stringify(format)}, column ${column}: ${reason}`);
  });

  it('that asks for a field that is not there says which ones are', () => {
    expect(() => compileTemplate('{{.RootFS.Nope}}')(image)).toThrow(
      expect.objectContaining({hint: 'the fields are Type, Layers'}),
    );
  });
});

function asValue(json: unknown, path: string): Value {
  if (path in nils) return nils[path];
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean')
    return json;
  if (Array.isArray(json)) return json.map((member, index) => asValue(member, `${path}[${index}]`));
  if (typeof json !== 'object' || json === null) return null;
  const entries = Object.entries(json)
    .map(([name, member]): [string, Value] => [name, asValue(member, `${path}.${name}`)])
    .filter(([name]) => !unknown.test(`${path}.${name}`));
  if (maps.has(path)) return new Map(entries);
  const struct = Object.fromEntries(entries);
  return path === '.Config' ? omitEmpty(struct) : struct;
}

function read(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}
