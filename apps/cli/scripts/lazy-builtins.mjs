import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Has modules of Node that are slow to load (child_process 5 ms, crypto 3 ms) loaded where one of
 * their functions is used, not where they are imported: what runs a container imports them for
 * commands that need them, and does not itself.
 *
 * @param {readonly string[]} names without `node:`
 * @returns {import('esbuild').Plugin}
 */
export function lazyBuiltins(names) {
  return {
    name: 'lazy-builtins',
    setup(build) {
      const filter = new RegExp(`^(node:)?(${names.join('|')})$`);
      build.onResolve({filter}, ({path, namespace}) =>
        namespace === 'lazy-builtin'
          ? {path, external: true}
          : {path: path.replace(/^node:/, ''), namespace: 'lazy-builtin', sideEffects: false},
      );
      build.onLoad({filter: /.*/, namespace: 'lazy-builtin'}, ({path}) => ({
        contents: `
          for (const name of ${JSON.stringify(Object.keys(require(path)))}) {
            Object.defineProperty(exports, name, {
              enumerable: true,
              get: () => require(${JSON.stringify(path)})[name],
            });
          }`,
      }));
    },
  };
}
