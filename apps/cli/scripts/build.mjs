// Bundles the command line into one file that needs only koffi beside it. CommonJS, because Node
// starts it faster than an ES module; every module that is reached by import() is run only then.
//   node scripts/build.mjs [FOLDER]      FOLDER: dist unless said
import {chmodSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {build} from 'esbuild';
import {knownTable} from './known-table.mjs';
import {lazyBuiltins} from './lazy-builtins.mjs';

const root = join(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'dist'));
const bundle = join(folder, 'minicontainer.cjs');

const {metafile} = await build({
  absWorkingDir: root,
  entryPoints: ['src/bin.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  conditions: ['development'],
  // clipanion loads typanion for commands with a schema: none of ours has one.
  external: ['koffi', 'typanion'],
  // import() of what is not bundled becomes require(): the ES module loader takes 5 ms to start.
  supported: {'dynamic-import': false},
  define: {'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname'},
  plugins: [lazyBuiltins(['child_process', 'crypto', 'net', 'stream', 'tty']), await knownTable()],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // One apostrophe beyond Latin-1 and V8 keeps and reads all of the text in two bytes a character.
  charset: 'ascii',
  metafile: true,
  logLevel: 'warning',
});
chmodSync(bundle, 0o755);
writeFileSync(join(folder, 'meta.json'), JSON.stringify(metafile));
