import {capabilityBits} from '@minicontainer/spec';
import {fileAccess, scope} from './compile/landlock.ts';
import {rlimitNumber} from './compile/limits.ts';
import {mountAttribute, propagationFlag, recursiveFlag} from './compile/mount-options.ts';
import {cloneFlag, cloneParent} from './compile/namespace-types.ts';
import type {OperationName} from './operations.ts';

type Flags = Readonly<Record<string, bigint>>;

const cloneNames: Flags = {
  CLONE_NEWUSER: cloneFlag.user,
  CLONE_NEWPID: cloneFlag.pid,
  CLONE_NEWNS: cloneFlag.mount,
  CLONE_NEWUTS: cloneFlag.uts,
  CLONE_NEWIPC: cloneFlag.ipc,
  CLONE_NEWNET: cloneFlag.network,
  CLONE_NEWCGROUP: cloneFlag.cgroup,
  CLONE_NEWTIME: cloneFlag.time,
  CLONE_PARENT: cloneParent,
};
const propagationNames: Flags = {
  MS_PRIVATE: propagationFlag.private,
  MS_SLAVE: propagationFlag.slave,
  MS_SHARED: propagationFlag.shared,
  MS_UNBINDABLE: propagationFlag.unbindable,
  MS_REC: recursiveFlag,
};
const attributeNames: Flags = {
  ro: mountAttribute.readOnly,
  nosuid: mountAttribute.noSuid,
  nodev: mountAttribute.noDev,
  noexec: mountAttribute.noExec,
  noatime: mountAttribute.noAtime,
  strictatime: mountAttribute.strictAtime,
  nodiratime: mountAttribute.noDirAtime,
  nosymfollow: mountAttribute.noSymFollow,
};
const seccompNames: Flags = {
  LOG: 1n << 1n,
  SPEC_ALLOW: 1n << 2n,
  NEW_LISTENER: 1n << 3n,
  WAIT_KILLABLE_RECV: 1n << 5n,
};
const capabilityNames: Flags = Object.fromEntries(
  Object.entries(capabilityBits).map(([name, bit]) => [name, 1n << BigInt(bit)]),
);

/** One argument in the words of the man page that its operation names. */
export function describeArgument(op: OperationName, name: string, value: unknown): string {
  if (typeof value === 'bigint') return describeBits(op, name, value);
  if (name === 'mode' || name === 'mask') return `0${Number(value).toString(8)}`;
  if (name === 'persona') return `0x${Number(value).toString(16)}`;
  if (name === 'nice') return String(Number(value) | 0);
  if (name === 'resource') {
    return (
      Object.entries(rlimitNumber).find(([, number]) => number === value)?.[0] ?? String(value)
    );
  }
  if (name === 'program' && Array.isArray(value)) return `(${value.length / 2} instructions)`;
  if (Array.isArray(value)) return `[${value.map((item) => quote(String(item))).join(' ')}]`;
  return quote(String(value));
}

function describeBits(op: OperationName, name: string, value: bigint): string {
  switch (`${op}.${name}`) {
    case 'cloneKeeper.flags':
    case 'cloneContainer.flags':
    case 'unshare.flags':
    case 'openNamespace.type':
    case 'enterNamespace.type':
    case 'enterProcess.namespaces':
      return nameFlags(value, cloneNames);
    case 'setPropagation.flags':
    case 'mountAttributes.propagation':
      return nameFlags(value, propagationNames);
    case 'createMount.attributes':
    case 'mountAttributes.set':
    case 'mountAttributes.clear':
      return nameFlags(value, attributeNames);
    case 'createRuleset.files':
    case 'allowBeneath.files':
      return nameFlags(value, fileAccess);
    case 'createRuleset.scoped':
      return nameFlags(value, scope);
    case 'loadSeccomp.flags':
      return nameFlags(value, seccompNames);
    case 'openTree.device':
    case 'openDevice.device':
    case 'makeDevice.device':
      return `${value >> 8n}:${value & 0xffn}`;
    case 'setRlimit.soft':
    case 'setRlimit.hard':
    case 'raiseRlimit.hard':
      return value === 2n ** 64n - 1n ? 'unlimited' : String(value);
    case 'setScheduler.flags':
      return `0x${value.toString(16)}`;
    case 'openProcess.startTime':
    case 'setScheduler.runtime':
    case 'setScheduler.deadline':
    case 'setScheduler.period':
      return String(value);
    default:
      return nameFlags(value, capabilityNames);
  }
}

function nameFlags(value: bigint, names: Flags): string {
  let rest = value;
  const found = Object.entries(names).flatMap(([name, bits]) => {
    if ((value & bits) !== bits) return [];
    rest &= ~bits;
    return [name];
  });
  return [...found, ...(rest === 0n ? [] : [`0x${rest.toString(16)}`])].join('|');
}

function quote(text: string): string {
  return /^[\w./:=+@%,-]+$/.test(text) ? text : JSON.stringify(text);
}
