import {join} from 'node:path';
import {importImage, startDockerd} from '../dockerd.mjs';
import {listProcesses} from '../processes.mjs';
import {versionOf} from './version.mjs';

const image = 'bench';

/** A dockerd of the arena's own, with no bridge and no packet filter.
 * @type {import('../arena.mjs').Peer} */
export const docker = {
  name: 'docker run',
  open: async ({scratch, rootfs, cgroup}) => {
    await versionOf('docker');
    await versionOf('dockerd');
    const before = new Set(await listProcesses());
    const {host, stop} = await startDockerd({
      directory: join(scratch, 'docker'),
      cgroupParent: `/${cgroup}/docker`,
    });
    try {
      await importImage(host, rootfs, image);
    } catch (error) {
      await stop();
      throw error;
    }
    return {
      version: await versionOf('dockerd'),
      note: '--network none; cpu of its client only',
      standing: (await listProcesses()).filter((pid) => !before.has(pid)),
      argv: (command, {stdin = false, user} = {}) => [
        'docker',
        '-H',
        host,
        'run',
        '--rm',
        ...(stdin ? ['--interactive'] : []),
        ...(user === undefined ? [] : ['--user', user]),
        '--network',
        'none',
        image,
        ...command,
      ],
      close: stop,
    };
  },
};
