// Writes src/schema/forms.ts from the schema: the same as plain data, which is read without TypeBox.
//   node scripts/generate-forms.mjs [--print]
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {buildSync} from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const modules = ['text', 'numbers', 'namespaces', 'devices', 'mounts', 'hooks', 'placement'];

const bundled = buildSync({
  stdin: {
    contents: [...modules, 'process', 'resources', 'seccomp', 'linux', 'spec']
      .map((name) => `export * from './${name}.ts';`)
      .join(''),
    resolveDir: path('../src/schema'),
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
}).outputFiles[0].text;
const schemas = await import(
  `data:text/javascript;base64,${Buffer.from(bundled).toString('base64')}`
);

/** Names of the schemas that are exported, by what they say: Optional() makes them anew. */
const exported = new Map(
  Object.entries(schemas)
    .filter(([, schema]) => typeof schema === 'object')
    .map(([name, schema]) => [JSON.stringify(schema), name.replace(/^[A-Z]/, lower)]),
);
const uses = new Map();
const lines = [];
const written = new Map();

count(schemas.SpecSchema);
const spec = write(schemas.SpecSchema);
const text = execFileSync(
  path('../../../node_modules/.bin/biome'),
  ['format', '--stdin-file-path=packages/spec/src/schema/forms.ts'],
  {
    cwd: path('../../..'),
    encoding: 'utf8',
    input: [
      '// Made by scripts/generate-forms.mjs from the schema: do not edit.',
      "import type {Form} from './form.ts';",
      '',
      ...lines,
      '',
      '/** What `SpecSchema` says of an OCI runtime configuration. */',
      `export const specForm: Form = ${spec};`,
      '',
    ].join('\n'),
  },
);
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(path('../src/schema/forms.ts'), text);

function below({properties = {}, patternProperties = {}, items}) {
  const all = [...Object.values(properties), ...Object.values(patternProperties)];
  return items === undefined ? all : [...all, items];
}

function count(schema) {
  const said = JSON.stringify(schema);
  uses.set(said, (uses.get(said) ?? 0) + 1);
  if (uses.get(said) === 1) for (const each of below(schema)) count(each);
}

/** A schema as an expression: the name of a constant where there are more like it. */
function write(schema) {
  const said = JSON.stringify(schema);
  const known = written.get(said);
  if (known !== undefined) return known;
  const expression = expressionOf(schema);
  if (uses.get(said) === 1) return expression;
  const name = exported.get(said) ?? `form${lines.length + 1}`;
  lines.push(`const ${name}: Form = ${expression};`);
  written.set(said, name);
  return name;
}

function expressionOf(schema) {
  const {type, title, pattern, minimum, maximum} = schema;
  if (schema.enum) return object({type: quote('enum'), choices: list(schema.enum)});
  switch (type) {
    case 'boolean':
      return object({type: quote(type)});
    case 'string':
      return object({type: quote(type), pattern: regular(pattern), title: quote(title)});
    case 'integer':
      return object({type: quote(type), minimum, maximum, title: quote(title)});
    case 'array': {
      const {minItems = 0} = schema;
      return object({
        type: quote(type),
        items: write(schema.items),
        minItems,
        title: quote(title ?? 'an array'),
      });
    }
    case 'object':
      return schema.patternProperties ? recordOf(schema) : objectOf(schema);
    default:
      throw new Error(`no form is known for ${JSON.stringify(schema)}`);
  }
}

function recordOf({patternProperties, additionalProperties, keyTitle}) {
  const [[keys, values], ...more] = Object.entries(patternProperties);
  if (more.length > 0 || additionalProperties !== false) throw new Error('a record of other keys');
  return object({
    type: quote('record'),
    keys: regular(keys),
    keyTitle: quote(keyTitle),
    values: write(values),
  });
}

function objectOf({properties, required = []}) {
  const written = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, write(schema)]),
  );
  return object({type: quote('object'), required: list(required), properties: object(written)});
}

function object(fields) {
  return `{${Object.entries(fields)
    .map(([name, expression]) => `${name}: ${expression}`)
    .join(', ')}}`;
}

function list(texts) {
  return `[${texts.map(quote).join(', ')}]`;
}

function regular(pattern) {
  return `/${new RegExp(pattern, 'u').source.replaceAll('\\u0000', '\\0')}/u`;
}

function quote(text) {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

function lower(letter) {
  return letter.toLowerCase();
}
