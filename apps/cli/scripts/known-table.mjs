import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const version = fileURLToPath(new URL('../../../packages/plan/src/version.ts', import.meta.url));

/**
 * Puts the number of the table of operations in the place of what computes it, which takes a millisecond
 * of each start.
 *
 * @returns {Promise<import('esbuild').Plugin>}
 */
export async function knownTable() {
  const {outputFiles} = await build({
    entryPoints: [version],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const text = outputFiles[0]?.text ?? '';
  const {tableVersion} = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return {
    name: 'known-table',
    setup(build) {
      build.onLoad({filter: /packages\/plan\/src\/version\.ts$/}, () => ({
        contents: `export const tableVersion = () => ${tableVersion()};`,
      }));
    },
  };
}
