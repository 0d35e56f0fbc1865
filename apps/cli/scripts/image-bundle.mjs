import {readdirSync} from 'node:fs';
import {join, relative} from 'node:path';

const source = join(import.meta.dirname, '../src');
const commands = join(source, 'commands/images');
const engine = '@minicontainer/engine/images';
const engineSource = join(import.meta.dirname, '../../../packages/engine/src/images');

// What both bundles use and must be one and the same: what is told by instanceof or by a symbol.
const common = [
  '@minicontainer/errors',
  './program/command.ts',
  './program/script.ts',
  './program/usage.ts',
  './output/streams.ts',
  './output/failure.ts',
];

/**
 * For the bundle that starts: has what stands in commands/images, and the engine's images, taken from
 * `images.script.js` beside it by the first import() of any of it. Nothing of that is read before.
 *
 * @param {string} digest of that script
 * @returns {import('esbuild').Plugin}
 */
export function imagesApart(digest) {
  return {
    name: 'images-apart',
    setup(build) {
      build.onResolve({filter: exactly(engine)}, () => ({path: engine, namespace: 'apart'}));
      build.onResolve({filter: /^\.\.?\/.*\.ts$/}, ({path, resolveDir}) => {
        const target = join(resolveDir, path);
        if (target.startsWith(`${engineSource}/`)) return {path: engine, namespace: 'apart'};
        return target.startsWith(`${commands}/`)
          ? {path: `./${nameOf(target)}`, namespace: 'apart'}
          : undefined;
      });
      build.onLoad({filter: /.*/, namespace: 'apart'}, ({path}) => ({
        contents: `module.exports = require('images')[${JSON.stringify(path)}]();`,
        resolveDir: source,
      }));
      build.onResolve({filter: /^images$/}, () => ({path: 'images', namespace: 'bundle'}));
      build.onLoad({filter: /.*/, namespace: 'bundle'}, () => ({
        contents: `module.exports = require('./program/script.ts').evaluate('images.script.js',
          ${JSON.stringify(digest)}, {${common.map(lazily)}});`,
        resolveDir: source,
      }));
    },
  };
}

/**
 * For the second bundle: what it is made of, and where it finds what it has in common with the first.
 *
 * @returns {import('esbuild').BuildOptions}
 */
export function imageBundle() {
  const modules = readdirSync(commands)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => `./${nameOf(join(commands, file))}`);
  return {
    stdin: {
      contents: `module.exports = {${[...modules, engine].map(lazily)}};`,
      sourcefile: 'images.js',
      resolveDir: source,
    },
    // A function, which esbuild has no output format for; it stands alone, for V8 to keep what it compiles.
    banner: {js: '((common,require,__filename,__dirname)=>{const module={exports:{}};'},
    footer: {js: 'return module.exports})'},
    plugins: [commonModules()],
  };
}

/** @returns {import('esbuild').Plugin} */
function commonModules() {
  return {
    name: 'common-modules',
    setup(build) {
      build.onResolve({filter: exactly('@minicontainer/errors')}, ({path}) => ({
        path,
        namespace: 'common',
      }));
      build.onResolve({filter: /^\.\.?\/.*\.ts$/}, ({path, resolveDir}) => {
        const name = `./${nameOf(join(resolveDir, path))}`;
        return common.includes(name) ? {path: name, namespace: 'common'} : undefined;
      });
      build.onLoad({filter: /.*/, namespace: 'common'}, ({path}) => ({
        contents: `module.exports = common[${JSON.stringify(path)}]();`,
      }));
    },
  };
}

function nameOf(file) {
  return relative(source, file);
}

function lazily(specifier) {
  const text = JSON.stringify(specifier);
  return `${text}: () => require(${text})`;
}

function exactly(text) {
  return new RegExp(`^${text.replaceAll(/[./]/g, '\\$&')}$`);
}
