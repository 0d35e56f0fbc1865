import {spawn} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import {connect} from 'node:net';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {versionOf} from '../../arena/peers/version.mjs';
import {imageArtifacts} from './artifacts.mjs';

/** @typedef {import('../../arena/arena.mjs').Peer} Peer */

const cli = fileURLToPath(new URL('../../../apps/cli/dist/minicontainer.cjs', import.meta.url));
const port = 5000;
/** Where the registry is within the arena, which has a loopback of its own. */
export const registry = `localhost:${port}`;

const inOwnStore = 'MINICONTAINER_ROOT=$1; export MINICONTAINER_ROOT; shift; exec "$@" >/dev/null';

/** Words that run our command line with a store of its own.
 * @param {string} store
 * @param {readonly string[]} words */
export function inStore(store, words) {
  return ['sh', '-c', inOwnStore, 'sh', store, process.execPath, cli, ...words];
}

/**
 * A tool that is a command line on the images' artifacts.
 *
 * @param {string} name
 * @param {(place: {scratch: string, layout: string}) => Promise<readonly string[]> | readonly string[]} words
 * @param {{ours?: boolean, version?: string}} [options]
 * @returns {Peer}
 */
export function tool(name, words, {ours = false, version} = {}) {
  return {
    name,
    ours,
    fetch: async (scratch) => {
      const artifacts = await imageArtifacts(scratch);
      await writeFile(join(scratch, 'artifacts.json'), JSON.stringify(artifacts));
    },
    open: async ({scratch}) => {
      const {layout} = JSON.parse(await readFile(join(scratch, 'artifacts.json'), 'utf8'));
      const argv = [...(await words({scratch, layout}))];
      return {
        version: version === undefined ? '' : await versionOf(version),
        argv: () => argv,
      };
    },
  };
}

/**
 * Debian's docker-registry on the artifacts, until it is told to end.
 *
 * @param {string} scratch
 * @returns {Promise<() => void>}
 */
export async function startRegistry(scratch) {
  const {storage} = JSON.parse(await readFile(join(scratch, 'artifacts.json'), 'utf8'));
  return serve(scratch, storage, true);
}

/**
 * One that is empty and takes images.
 *
 * @param {string} scratch
 * @returns {Promise<() => void>}
 */
export function startEmptyRegistry(scratch) {
  return serve(scratch, join(scratch, 'registry'), false);
}

/**
 * @param {string} scratch
 * @param {string} storage
 * @param {boolean} readOnly
 * @returns {Promise<() => void>}
 */
async function serve(scratch, storage, readOnly) {
  const settings = join(scratch, 'registry.json');
  const maintenance = {uploadpurging: {enabled: false}, readonly: {enabled: readOnly}};
  const value = {
    version: '0.1',
    log: {level: 'error', accesslog: {disabled: true}},
    storage: {filesystem: {rootdirectory: storage}, maintenance},
    http: {addr: `127.0.0.1:${port}`},
  };
  await writeFile(settings, JSON.stringify(value));
  const child = spawn('docker-registry', ['serve', settings], {stdio: 'ignore'});
  for (let tries = 0; tries < 200 && !(await accepts()); tries++) await delay(50);
  return () => child.kill();
}

/** @returns {Promise<boolean>} */
function accepts() {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
