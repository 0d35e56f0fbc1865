// It builds without a warning, wherever it may have to.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {demand, here, make, must, program, run} from '../tools.mjs';

const sources = readdirSync(join(here, 'src')).filter((name) => name.endsWith('.c'));
const standard = ['-std=c11', '-D_GNU_SOURCE', '-Isrc', '-Wall', '-Wextra', '-Werror'];

export const buildChecks = [
  {
    name: 'builds as it is published',
    needs: ['make', 'gcc'],
    run: () => make() && undefined,
  },
  ...['gcc', 'musl-gcc', 'clang'].map((compiler) => ({
    name: `builds without a warning: ${compiler}`,
    needs: ['make', compiler],
    run: () => {
      make(`BUILD=build/check/${compiler}`, `CC=${compiler}`, 'CFLAGS=-Os');
    },
  })),
  {
    name: 'is clean under the static analyzer of gcc',
    needs: ['gcc'],
    run: () => {
      const flags = [
        ...standard,
        '-Wno-missing-field-initializers',
        '-Wno-unused-parameter',
        '-fanalyzer',
        '-O2',
        '-c',
      ];
      for (const name of sources) must(0, 'gcc', [...flags, '-o', '/dev/null', join('src', name)]);
    },
  },
  {
    name: 'needs nothing but itself at run time',
    needs: ['make', 'musl-gcc'],
    run: () => {
      const {stdout, stderr} = run('ldd', [program]);
      demand(/not a dynamic executable|statically linked/.test(stdout + stderr), stdout + stderr);
    },
  },
  {
    name: 'knows the same operations as TypeScript',
    run: () => {
      const generate = join(here, '../../packages/plan/scripts/generate-operations.mjs');
      const {stdout} = must(0, process.execPath, [generate, '--print']);
      const header = readFileSync(join(here, 'src/operations.h'), 'utf8');
      demand(header === stdout, 'src/operations.h is stale: run `pnpm --filter plan generate`');
    },
  },
];
