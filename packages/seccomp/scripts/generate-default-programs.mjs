// Writes src/ready/programs.ts: the default filter's program, compiled. A test says when to.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {buildSync} from 'esbuild';

const source = join(import.meta.dirname, '../src');
const bundled = buildSync({
  stdin: {
    contents: `export {assembleFilter} from './compile/assemble.ts';
      export {usualFilter} from './ready/usual.ts';`,
    resolveDir: source,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  conditions: ['development'],
  write: false,
}).outputFiles[0].text;
const {assembleFilter, usualFilter} = await import(
  `data:text/javascript,${encodeURIComponent(bundled)}`
);

const programs = ['x86_64', 'aarch64'].map((architecture) => {
  const program = assembleFilter(usualFilter(architecture), architecture);
  const lines = Buffer.from(program)
    .toString('base64')
    .match(/.{1,94}/g);
  return `  ${architecture}: \`\n${lines.join('\n')}\n\`,`;
});
writeFileSync(
  join(source, 'ready/programs.ts'),
  `// Made by scripts/generate-default-programs.mjs from the default profile: do not edit.

/** In base64, by machine. */
export const programs = {
${programs.join('\n')}
};
`,
);
