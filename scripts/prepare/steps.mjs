// What stands between a clean clone and a running container, in order.
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {root} from '../root.mjs';
import {requireCompiler} from './compiler.mjs';

export const stateDirectory = join(root, 'build', 'prepared');

const isSource = (name) => !/\.test(-d)?\.ts$|\.md$|\.tsbuildinfo$/.test(name);
const pnpmVersion = '10.34.9';

/** npx costs 1.6 s a call: only until pnpm is in node_modules. */
function pnpm(...args) {
  const installed = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
  return existsSync(installed)
    ? [process.execPath, installed, ...args]
    : ['npx', '-y', `pnpm@${pnpmVersion}`, ...args];
}

export const steps = [
  {
    name: 'install',
    doing: 'installing dependencies',
    inputs: [
      'package.json',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      'packages',
      'apps',
      'native',
      'test',
    ],
    accepts: (name) => name === 'package.json',
    outputs: ['node_modules/.modules.yaml', 'node_modules/pnpm'],
    commands: () => [pnpm('install', '--frozen-lockfile')],
  },
  {
    name: 'cli',
    doing: 'bundling the command line',
    inputs: ['tsconfig.base.json', 'packages', 'apps/cli'],
    accepts: isSource,
    outputs: ['apps/cli/dist/minicontainer.cjs', 'apps/cli/dist/images.script.js'],
    commands: () => [pnpm('--filter', '@minicontainer/cli', 'build')],
  },
  {
    name: 'oci',
    doing: 'bundling the runtime',
    inputs: ['tsconfig.base.json', 'packages', 'apps/oci', 'apps/cli/scripts'],
    accepts: isSource,
    outputs: ['minicontainer-oci.cjs', 'commands.cjs', 'planner.script.js'].map(
      (name) => `apps/oci/dist/${name}`,
    ),
    commands: () => [pnpm('--filter', '@minicontainer/oci', 'build')],
  },
  {
    name: 'nsexec',
    doing: 'compiling nsexec',
    inputs: ['native/nsexec'],
    environment: ['CC', 'CFLAGS', 'LDFLAGS'],
    accepts: isSource,
    outputs: ['native/nsexec/build/nsexec'],
    before: requireCompiler,
    commands: () => [
      // -B: make does not see a change of CC or CFLAGS.
      ['make', '-s', '-B', '-C', 'native/nsexec'],
      ...(process.arch === 'x64'
        ? [pnpm('--filter', '@minicontainer/nsexec-linux-x64', 'build')]
        : []),
    ],
  },
];
