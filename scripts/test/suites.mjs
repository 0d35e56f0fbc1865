// What there is to run, in order: what is quick and tells most comes first.
//
// name           what `--suite` chooses by
// what           one line for the reader
// budgetSeconds  what it may take on 2 cores; at three times that it is ended and has failed
// needs          commands; scripts/test/needs.mjs knows their Debian packages
// as             'root' or 'user': whose privileges the tests need; root gives a user's tests a copy of
//                the tree and runs them there, or leaves that to them (`becomesUser`)
// vitest         the project of vitest.config.ts; or
// checks         commands that count as one test each, unless they end with a line `N passed, N failed`
// longOnly       part of `npm run test:long` alone
import {build} from './needs.mjs';

const bin = (name) => `node_modules/.bin/${name}`;

export const suites = [
  {
    name: 'lint',
    what: 'format and lint of all sources',
    budgetSeconds: 20,
    checks: [[bin('biome'), 'check', '--error-on-warnings']],
  },
  {
    name: 'types',
    what: 'types of the packages, then of their tests',
    budgetSeconds: 60,
    checks: [
      [bin('tsc'), '-b'],
      [bin('tsc'), '-p', 'tsconfig.test.json'],
    ],
  },
  {
    name: 'unit',
    what: 'what needs no kernel: pure functions beside their sources',
    budgetSeconds: 60,
    vitest: 'unit',
  },
  {
    name: 'workspace',
    what: 'imports only go down, packages are fit to publish, README examples run',
    budgetSeconds: 120,
    vitest: 'workspace',
  },
  {
    name: 'conformance',
    what: 'what other OCI runtimes write and do, compared with ours',
    budgetSeconds: 30,
    needs: ['runc', 'crun'],
    vitest: 'conformance',
  },
  {
    name: 'publish',
    what: 'published to a registry on loopback, then used as a user would',
    budgetSeconds: 180,
    needs: [...build, 'newuidmap'],
    as: 'user',
    becomesUser: true,
    vitest: 'publish',
  },
];
