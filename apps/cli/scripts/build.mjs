// Bundles the command line into two files that need only koffi beside them: minicontainer.cjs is what
// starts, and evaluates images.script.js for what has to do with images. CommonJS, because Node starts it faster
// than an ES module; every module that is reached by import() is run only then.
//   node scripts/build.mjs [FOLDER]      FOLDER: dist unless said
import {createHash} from 'node:crypto';
import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {build} from 'esbuild';
import {imageBundle, imagesApart} from './image-bundle.mjs';
import {knownTable} from './known-table.mjs';
import {lazyBuiltins} from './lazy-builtins.mjs';
import {undiciParts} from './undici-parts.mjs';

const root = join(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'dist'));
const bundle = join(folder, 'minicontainer.cjs');
const builtins = lazyBuiltins(['child_process', 'crypto', 'net', 'stream', 'tty']);

const options = {
  absWorkingDir: root,
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
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // One apostrophe beyond Latin-1 and V8 keeps and reads all of the text in two bytes a character.
  charset: 'ascii',
  metafile: true,
  logLevel: 'warning',
};

const {plugins, ...images} = imageBundle();
const script = join(folder, 'images.script.js');
const second = await build({
  ...options,
  ...images,
  outfile: script,
  plugins: [builtins, await knownTable(), undiciParts(), ...plugins],
});
writeFileSync(join(folder, 'images.meta.json'), JSON.stringify(second.metafile));
const digest = createHash('sha256').update(readFileSync(script)).digest('hex').slice(0, 32);

const first = await build({
  ...options,
  entryPoints: ['src/bin.ts'],
  outfile: bundle,
  plugins: [builtins, await knownTable(), imagesApart(`images-${digest}`)],
});
chmodSync(bundle, 0o755);
writeFileSync(join(folder, 'meta.json'), JSON.stringify(first.metafile));
