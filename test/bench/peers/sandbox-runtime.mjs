import {execFile} from 'node:child_process';
import {access, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {versionOf} from '../../arena/peers/version.mjs';

const execute = promisify(execFile);
const packageName = '@anthropic-ai/sandbox-runtime';
const packageVersion = '0.0.83';

/** No network allowed, as for the other tools; its proxies start all the same. */
const settings = {
  network: {allowedDomains: [], deniedDomains: []},
  filesystem: {denyRead: [], allowWrite: [], denyWrite: []},
};

/** The sandbox of npm that is nearest: bubblewrap, started from Node.
 * @type {import('../../arena/arena.mjs').Peer} */
export const sandboxRuntime = {
  name: 'sandbox-runtime',
  fetch: async (scratch) => {
    const directory = join(scratch, 'sandbox-runtime');
    await mkdir(directory);
    await writeFile(join(directory, 'package.json'), '{"private": true}');
    await writeFile(join(directory, 'settings.json'), JSON.stringify(settings));
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
    await execute('npm', ['install', ...quiet, `${packageName}@${packageVersion}`], {
      cwd: directory,
    });
  },
  open: async ({scratch}) => {
    const directory = join(scratch, 'sandbox-runtime');
    const srt = join(directory, 'node_modules/.bin/srt');
    await access(srt).catch((error) => {
      throw new Error(`npm could not install ${packageName}`, {cause: error});
    });
    for (const tool of ['rg', 'bwrap']) await versionOf(tool);
    await versionOf('socat', ['-V']);
    const manifest = await readFile(join(directory, 'node_modules', packageName, 'package.json'));
    return {
      version: String(JSON.parse(manifest.toString()).version),
      note: 'host view',
      argv: (command) => [
        process.execPath,
        srt,
        '--settings',
        join(directory, 'settings.json'),
        ...command,
      ],
    };
  },
};
