import {readFileSync} from 'node:fs';
import {runtimeName} from './runtime.ts';

/** What the tests' own process may do, as bits by the number of the capability. */
export function ownCapabilities(): bigint {
  return BigInt(`0x${/^CapEff:\t(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]}`);
}

/**
 * Whether the runtime can give a container all capabilities. Where this process lacks one, runc refuses
 * what asks for it; a runtime should not (runtime-spec, config.md, "capabilities").
 */
export const grantsAll = runtimeName === 'ours' || ownCapabilities() === allCapabilities();

function allCapabilities(): bigint {
  const last = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
  return (1n << BigInt(last + 1)) - 1n;
}
