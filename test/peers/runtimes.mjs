import {join} from 'node:path';
import {bubblewrap} from '../arena/peers/bubblewrap.mjs';
import {docker} from '../arena/peers/docker.mjs';
import {minicontainer, minicontainerOn} from '../arena/peers/minicontainer.mjs';
import {none} from '../arena/peers/none.mjs';
import {crun, runcOwnSpec} from '../arena/peers/oci.mjs';
import {podman, podmanRootless} from '../arena/peers/podman.mjs';

/**
 * A way to run a process that is looked at.
 * @typedef {object} Runtime
 * @property {string} name
 * @property {import('../arena/arena.mjs').Peer} peer
 * @property {'host' | 'ours' | 'bar' | 'other' | 'loose'} role `host`: no container, to know what is the
 *   host's; `bar`: what ours must not be weaker than; `loose`: ours with flags that make it so
 * @property {boolean} [plain] started by the plain user, with the root file system theirs
 * @property {string} [user] whom the command runs as inside, unless root
 */

const loosened = [
  ...['--cap-add', 'SYS_ADMIN', '--cap-add', 'NET_ADMIN', '--env', 'SECRET=1'],
  ...['--security-opt', 'seccomp=unconfined', '--security-opt', 'unmask=/proc/keys:/proc/sys'],
];

/** Whom commands run as inside that do not run as root. */
const user = '1000:1000';

/** Who has subordinate ids: scripts/setup-debian makes the user. */
export const plainUser = 'mctest';

/**
 * All that there are, in the order of the table's columns.
 *
 * @param {string} cli our built command line
 * @returns {Runtime[]}
 */
export function runtimes(cli) {
  const ours = minicontainerOn([], cli);
  /** @type {Runtime[]} */
  const engines = [
    {name: 'minicontainer', role: 'ours', peer: ours},
    {
      name: 'minicontainer --userns host',
      role: 'ours',
      peer: minicontainerOn(['--userns', 'host'], cli),
    },
    {name: 'minicontainer as a user', role: 'ours', plain: true, peer: ours},
    {name: 'docker', role: 'bar', peer: docker},
    {name: 'podman', role: 'bar', peer: podman},
    {name: 'podman as a user', role: 'other', plain: true, peer: podmanRootless},
  ];
  return [
    {name: 'no container', role: 'host', peer: none},
    {name: 'minicontainer, loosened', role: 'loose', peer: minicontainerOn(loosened, cli)},
    {name: "minicontainer's host view", role: 'ours', peer: hostView(cli)},
    ...engines,
    {name: 'runc', role: 'other', peer: runcOwnSpec},
    {name: 'crun', role: 'other', peer: crun},
    {name: 'bwrap', role: 'other', peer: bubblewrap},
    ...engines.map((engine) => ({...engine, name: `${engine.name}, -u 1000`, user})),
  ];
}

/**
 * What runs without a root file system of its own: the machine's, copied on write.
 *
 * @param {string} cli
 * @returns {import('../arena/arena.mjs').Peer}
 */
function hostView(cli) {
  const {name, open} = minicontainer;
  return {
    name,
    open: async (arena) => ({
      ...(await open(arena)),
      argv: (command) => [
        ...[process.execPath, cli, 'run', '--network', 'none'],
        ...['-v', `${join(arena.rootfs, 'bin/mc-probe')}:/bin/mc-probe`],
        ...command,
      ],
    }),
  };
}
