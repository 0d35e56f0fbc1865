import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const sources = fileURLToPath(new URL('../../../packages/plan/src', import.meta.url));

/**
 * Puts the numbers of the operations and of their form in the place of what computes them, which takes
 * milliseconds of each start.
 *
 * @returns {Promise<import('esbuild').Plugin>}
 */
export async function knownTable() {
  const {outputFiles} = await build({
    stdin: {
      contents: `export * from './operations.ts'; export * from './version.ts';`,
      resolveDir: sources,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const text = outputFiles[0]?.text ?? '';
  const {formatVersion, operations, signatureOf} = await import(
    `data:text/javascript,${encodeURIComponent(text)}`
  );
  const signatures = Object.keys(operations).map((name) => [name, signatureOf(name)]);
  return {
    name: 'known-table',
    setup(build) {
      build.onLoad({filter: /packages\/plan\/src\/version\.ts$/}, () => ({
        contents: `
          const signatures = ${JSON.stringify(Object.fromEntries(signatures))};
          export const signatureOf = (name) => signatures[name];
          export const formatVersion = () => ${formatVersion()};`,
      }));
    },
  };
}
