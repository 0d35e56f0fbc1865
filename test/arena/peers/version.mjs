import {execFile} from 'node:child_process';
import {promisify} from 'node:util';

const execute = promisify(execFile);

/**
 * First version number that a tool prints.
 *
 * @param {string} command
 * @param {readonly string[]} [argv]
 * @throws {Error} whose message says how to get the tool
 * @returns {Promise<string>}
 */
export async function versionOf(command, argv = ['--version']) {
  const {stdout} = await execute(command, argv).catch((error) => {
    const missing = error.code === 'ENOENT';
    throw new Error(missing ? `${command} is not installed` : error.message, {cause: error});
  });
  return /\d+\.\d+(\.\d+)*/.exec(stdout)?.[0] ?? stdout.trim();
}
