// Writes native/nsexec/src/operations.h from src/operations.ts, so that both sides share one table.
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {buildSync} from 'esbuild';

const header = fileURLToPath(new URL('../../../native/nsexec/src/operations.h', import.meta.url));

const bundled = buildSync({
  stdin: {
    contents: ['operations', 'stages', 'version']
      .map((name) => `export * from './${name}.ts';`)
      .join(''),
    resolveDir: fileURLToPath(new URL('../src', import.meta.url)),
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
}).outputFiles[0].text;
const {operations, stages, formatVersion, signatureOf} = await import(
  `data:text/javascript,${encodeURIComponent(bundled)}`
);

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const cTypes = {
  string: 'const char *',
  strings: 'struct strings ',
  u32: 'uint64_t ',
  u64: 'uint64_t ',
  u32s: 'struct numbers ',
  flag: 'uint64_t ',
  slot: 'int64_t ',
  'slot?': 'int64_t ',
  out: 'int64_t ',
};
const cKinds = {
  string: 'FIELD_STRING',
  strings: 'FIELD_STRINGS',
  u32: 'FIELD_NUMBER',
  u64: 'FIELD_NUMBER',
  u32s: 'FIELD_NUMBERS',
  flag: 'FIELD_NUMBER',
  slot: 'FIELD_SLOT',
  'slot?': 'FIELD_SLOT_OR_NONE',
  out: 'FIELD_OUT',
};

const lines = [
  '/* Made from packages/plan/src/operations.ts by its `generate` script: change that, not this. */',
  '#ifndef OPERATIONS_H',
  '#define OPERATIONS_H',
  '#include "fields.h"',
  '',
  `#define FORMAT_VERSION 0x${formatVersion().toString(16)}u`,
  '',
  'enum stage {',
  ...Object.entries(stages).map(([name, {number}]) => `\tSTAGE_${name.toUpperCase()} = ${number},`),
  '\tSTAGES',
  '};',
  '',
  'enum operation_code {',
  ...Object.entries(operations).map(
    ([name, {code}]) => `\tOPERATION_${snake(name).toUpperCase()} = ${code},`,
  ),
  '};',
  '',
  'struct context;',
];
for (const [name, {fields}] of Object.entries(operations)) {
  const entries = Object.entries(fields);
  lines.push(
    '',
    `struct args_${snake(name)} {`,
    ...(entries.length > 0
      ? entries.map(([field, kind]) => `\t${cTypes[kind]}${snake(field)};`)
      : ['\tuint64_t none;']),
    '};',
    `int op_${snake(name)}(struct context *context, const struct args_${snake(name)} *args);`,
  );
}
const stageMask = (names) => names.map((name) => `1u << STAGE_${name.toUpperCase()}`).join(' | ');
lines.push('', '#endif', '', '#ifdef OPERATIONS_TABLE');
for (const [name, {fields}] of Object.entries(operations)) {
  const entries = Object.entries(fields);
  if (entries.length === 0) continue;
  lines.push(
    `static const struct field fields_${snake(name)}[] = {`,
    ...entries.map(
      ([field, kind]) =>
        `\t{${cKinds[kind]}, offsetof(struct args_${snake(name)}, ${snake(field)})},`,
    ),
    '};',
  );
}
for (const name of Object.keys(operations)) {
  lines.push(
    `static int run_${snake(name)}(struct context *context, const void *args)`,
    `{\n\treturn op_${snake(name)}(context, args);\n}`,
  );
}
lines.push('', 'static const struct operation operation_table[] = {');
for (const [name, {code, fields, stages: allowed}] of Object.entries(operations)) {
  const count = Object.keys(fields).length;
  lines.push(
    `\t[${code}] = {run_${snake(name)}, sizeof(struct args_${snake(name)}),`,
    `\t\t${count > 0 ? `fields_${snake(name)}` : 'NULL'}, ${count}, ${stageMask(allowed)},`,
    `\t\t0x${signatureOf(name).toString(16)}u},`,
  );
}
lines.push('};', '#endif', '');
const text = lines.join('\n');
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(header, text);
