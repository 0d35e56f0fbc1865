import {
  type CapabilityName,
  capabilityMask,
  capabilityNames,
  defaultCapabilities,
} from '@minicontainer/spec';
import {type Caller, readCaller} from '../ids/caller.ts';
import {type Check, good, warning} from './check.ts';
import {readOptional} from './read.ts';

export function checkCapabilities(): Check[] {
  const status = readOptional('/proc/self/status') ?? '';
  return [judgeCapabilities(readCaller().rank, status)];
}

/**
 * In a user namespace of its own every container can have all; only those that share the ids of the host
 * are bounded by what the caller has.
 *
 * @param status contents of /proc/self/status
 * @see capabilities(7), user_namespaces(7)
 */
export function judgeCapabilities(rank: Caller['rank'], status: string): Check {
  const name = 'capabilities';
  if (rank !== 'root') return good(name, 'all can be had, over what is of the user namespace');
  const bounding = maskOf('CapBnd', status) & maskOf('CapEff', status);
  const lacking = capabilityNames.filter((each) => (bounding & capabilityMask([each])) === 0n);
  const usual = lacking.filter((each) => defaultCapabilities.includes(each));
  if (usual.length > 0) {
    return warning(
      name,
      `the caller lacks ${words(usual)}, which containers have as a rule`,
      'start from a shell of root that has them: capsh --print tells',
    );
  }
  return good(
    name,
    lacking.length === 0
      ? 'all can be had'
      : `all can be had but, with --userns host or --privileged, ${words(lacking)}`,
  );
}

function maskOf(field: string, status: string): bigint {
  const found = new RegExp(`^${field}:\\s*([0-9a-f]+)$`, 'm').exec(status)?.[1];
  return BigInt(`0x${found ?? '0'}`);
}

function words(names: readonly CapabilityName[]): string {
  return names.map((name) => name.replace('CAP_', '')).join(' ');
}
