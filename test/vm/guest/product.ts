import {copyFileSync, cpSync, mkdirSync, realpathSync, symlinkSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {build} from 'esbuild';

const files = [
  'apps/cli/dist/minicontainer.cjs',
  'apps/cli/dist/images.script.js',
  'apps/oci/bin/minicontainer-oci',
  'apps/oci/dist/minicontainer-oci.cjs',
  'apps/oci/dist/planner.script.js',
  'apps/oci/dist/commands.cjs',
  'native/nsexec/build/nsexec',
];
const clone = join(import.meta.dirname, '../../..');

/** Puts what is built in the clone into a tree's lib/minicontainer and bin, as an installation has it. */
export function installProduct(tree: string): void {
  const place = join(tree, 'lib/minicontainer');
  for (const file of files) {
    mkdirSync(dirname(join(place, file)), {recursive: true});
    copyFileSync(join(clone, file), join(place, file));
  }
  for (const app of ['cli', 'oci']) {
    const manifest = `apps/${app}/package.json`;
    copyFileSync(join(clone, manifest), join(place, manifest));
  }
  // koffi and its platform package lie side by side.
  const modules = dirname(realpathSync(join(clone, 'apps/cli/node_modules/koffi')));
  cpSync(modules, join(place, 'node_modules'), {recursive: true, dereference: true});
  mkdirSync(join(tree, 'bin'), {recursive: true});
  for (const command of ['apps/cli/dist/minicontainer.cjs', 'apps/oci/bin/minicontainer-oci']) {
    const name = basename(command, '.cjs');
    symlinkSync(join('../lib/minicontainer', command), join(tree, 'bin', name));
  }
}

/** Puts a guest's checks into a tree, as one program: lib/minicontainer-checks/main.mjs. */
export async function installChecks(tree: string, entry: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, '../checks', entry)],
    outfile: join(tree, 'lib/minicontainer-checks/main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
}
