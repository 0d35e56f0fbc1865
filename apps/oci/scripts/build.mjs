// Bundles what the native program executes: minicontainer-oci.cjs starts one of two, and takes the code
// that V8 compiled of the planner from an earlier run. CommonJS, because Node starts it faster than
// an ES module; every module that is reached by import() is run only then.
//   node scripts/build.mjs [FOLDER]      FOLDER: dist unless said
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {build} from 'esbuild';
import {knownTable} from '../../cli/scripts/known-table.mjs';
import {lazyBuiltins} from '../../cli/scripts/lazy-builtins.mjs';

const root = join(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'dist'));

const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  conditions: ['development'],
  external: ['koffi', './commands.cjs'],
  // import() of what is not bundled becomes require(): the ES module loader takes 5 ms to start.
  supported: {'dynamic-import': false},
  define: {'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname'},
  plugins: [
    lazyBuiltins(['child_process', 'crypto', 'module', 'net', 'stream', 'tty', 'util']),
    await knownTable(),
  ],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  charset: 'ascii',
  logLevel: 'warning',
};

await build({...options, entryPoints: ['src/bin.ts'], outfile: join(folder, 'commands.cjs')});

const planner = join(folder, 'planner.script.js');
const {metafile} = await build({
  ...options,
  entryPoints: ['src/planner.ts'],
  outfile: planner,
  banner: {js: '(function (exports, require, module, __filename, __dirname) {'},
  footer: {js: '})'},
  metafile: true,
});
writeFileSync(join(folder, 'meta.json'), JSON.stringify(metafile));

const digest = createHash('sha256').update(readFileSync(planner)).digest('hex').slice(0, 32);
await build({
  ...options,
  entryPoints: ['src/start.ts'],
  outfile: join(folder, 'minicontainer-oci.cjs'),
  define: {...options.define, plannerDigest: JSON.stringify(`planner-${digest}`)},
});
