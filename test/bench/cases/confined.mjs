import {release} from 'node:os';
import {defaultProfile, machineOf} from '@minicontainer/seccomp';
import {capabilityNames} from '@minicontainer/spec';
import {runtime} from '../../arena/peers/oci.mjs';
import {holdContest} from '../contest.mjs';
import {performer} from '../peers/nsexec.mjs';

/** @typedef {import('../../arena/arena.mjs').Peer} Peer */

/**
 * Everything that confines: Docker's filter of system calls for the capabilities that are there, limits of
 * memory, tasks and processor; what `crun spec` hides and drops is there already.
 *
 * @param {any} config
 */
function confine(config) {
  config.linux.seccomp = defaultProfile({
    capabilities: config.process.capabilities.bounding,
    kernel: release(),
    architecture: machineOf(process.arch),
  });
  config.linux.resources = {
    ...config.linux.resources,
    memory: {limit: 512 << 20},
    pids: {limit: 1024},
    cpu: {quota: 100_000, period: 100_000, shares: 512},
  };
}

/**
 * Nothing that confines but namespaces: no filter, no limits, every capability, nothing hidden.
 *
 * @param {any} config
 */
function loosen(config) {
  const every = capabilityNames;
  config.process.capabilities = {bounding: every, effective: every, permitted: every};
  config.process.noNewPrivileges = false;
  config.linux.maskedPaths = [];
  config.linux.readonlyPaths = [];
  delete config.linux.resources;
  delete config.linux.cgroupsPath;
}

const confined = {change: confine, userNamespace: true};
const crunConfined = runtime('crun', {label: 'confined', ...confined});
const nsexecConfined = performer('confined', confined);
const nsexecLoose = performer('loose', {change: loosen, cgroups: 'disabled'});

const command = ['/bin/true'];
const pair = [nsexecConfined, crunConfined];

/** @type {readonly import('../contest.mjs').Contest[]} */
const contests = [
  {
    title: 'one config.json with a filter, limits and a user namespace',
    peers: pair,
    command,
    figures: [
      {
        label: 'nsexec / crun, confined',
        of: pair,
        compute: (ours = NaN, theirs = NaN) => ours / theirs,
        atMost: 0.5,
      },
      {
        label: 'nsexec / crun, confined, cpu',
        of: pair,
        compute: (ours = NaN, theirs = NaN) => ours / theirs,
        measure: 'cpuMs',
      },
    ],
  },
  {
    title: 'what all that confines costs, in units of crun run',
    peers: [nsexecConfined, nsexecLoose, crunConfined],
    command,
    figures: [
      {
        label: '(confined − loose) / crun',
        of: [nsexecConfined, nsexecLoose, crunConfined],
        compute: (all = NaN, none = NaN, theirs = NaN) => (all - none) / theirs,
        atMost: 0.15,
      },
    ],
  },
];

/** What protection costs: everything on, beside nothing, and beside crun.
 * @type {import('./case.mjs').Case} */
export const confinedCase = {
  name: 'confined',
  peers: [nsexecConfined, nsexecLoose, crunConfined],
  run: async (arena) => {
    const sections = [];
    for (const contest of contests) sections.push(await holdContest(arena, contest));
    return sections;
  },
};
