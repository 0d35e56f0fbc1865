// Bundles what the native program executes into one file. CommonJS, because Node starts it faster than
// an ES module; every module that is reached by import() is run only then.
//   node scripts/build.mjs [FOLDER]      FOLDER: dist unless said
import {writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {build} from 'esbuild';
import {lazyBuiltins} from '../../cli/scripts/lazy-builtins.mjs';

const root = join(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'dist'));

const {metafile} = await build({
  absWorkingDir: root,
  entryPoints: ['src/bin.ts'],
  outfile: join(folder, 'minicontainer-oci.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  conditions: ['development'],
  external: ['koffi'],
  // import() of what is not bundled becomes require(): the ES module loader takes 5 ms to start.
  supported: {'dynamic-import': false},
  define: {'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname'},
  plugins: [lazyBuiltins(['child_process', 'crypto', 'net', 'stream', 'tty'])],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  charset: 'ascii',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(join(folder, 'meta.json'), JSON.stringify(metafile));
