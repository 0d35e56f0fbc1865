/**
 * Puts the parts of undici that are used in the place of all of it: what else there is, fetch, websockets,
 * caches, mocks, takes twice as long to load, and 8 MB. Whoever imports another name gets a build that fails.
 *
 * @returns {import('esbuild').Plugin}
 */
export function undiciParts() {
  return {
    name: 'undici-parts',
    setup(build) {
      build.onResolve({filter: /^undici$/}, ({path, resolveDir}) => ({
        path,
        namespace: 'parts',
        pluginData: resolveDir,
      }));
      build.onLoad({filter: /.*/, namespace: 'parts'}, ({pluginData: resolveDir}) => ({
        contents: `
          import api from 'undici/lib/api/index.js';
          import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
          import Agent from 'undici/lib/dispatcher/agent.js';
          import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
          import Pool from 'undici/lib/dispatcher/pool.js';
          Object.assign(Dispatcher.prototype, api);
          export {Agent, EnvHttpProxyAgent, Pool};`,
        resolveDir,
      }));
    },
  };
}
