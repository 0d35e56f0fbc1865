import {MinicontainerError} from '@minicontainer/errors';
import type {Mount} from '@minicontainer/spec';
import {placeOf} from './mounts.ts';

/** What programs measure the machine by, which file systems as lxcfs answer per container. */
const replaceable: readonly string[] = [
  ...['cpuinfo', 'diskstats', 'loadavg', 'meminfo', 'slabinfo', 'stat', 'swaps', 'uptime'],
  ...['net/dev', 'sys/kernel/ns_last_pid', 'sys/crypto/fips_enabled'],
].map((name) => `/proc/${name}`);

/**
 * Refuses a bundle that puts something else where programs, and runtimes, believe to talk to the kernel
 * (CVE-2019-16884, CVE-2025-52881): labels and sysctls would be written into a file of its author's.
 *
 * @throws {MinicontainerError} `EMOUNT`
 */
export function refuseFalseProc(mounts: readonly Mount[]): void {
  for (const {destination, type, source = '', options = []} of mounts) {
    const place = placeOf(destination);
    if (place !== '/proc' && !place.startsWith('/proc/')) continue;
    const binds = type === 'bind' || options.includes('bind') || options.includes('rbind');
    const isProc = binds ? source === '/proc' : type === 'proc';
    if (place === '/proc' ? isProc : replaceable.includes(place)) continue;
    throw new MinicontainerError(
      'EMOUNT',
      `config.json: ${destination} cannot be mounted: it is inside /proc`,
      {hint: `only a procfs is at /proc, and below it only: ${replaceable.join(' ')}`},
    );
  }
}
