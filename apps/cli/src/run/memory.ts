import type {MemoryLimits} from '@minicontainer/spec';
import {integer} from './integer.ts';
import type {LimitFlagValues} from './limit-flags.ts';
import {refuse} from './refuse.ts';
import {sizeBytes} from './size.ts';

/** Below it Docker starts nothing: a runtime needs some of it itself. */
const leastBytes = 6 * 1024 * 1024;

/** Limits of memory, with Docker's checks. */
export function memoryLimits(flags: LimitFlagValues): MemoryLimits {
  const limit = size('--memory', flags.memory);
  const reservation = size('--memory-reservation', flags.memoryReservation);
  const swap = swapOf(flags.memorySwap, limit);
  const swappiness = swappinessOf(flags.memorySwappiness);
  if (limit > 0 && limit < reservation) {
    throw refuse('--memory is less than --memory-reservation', 'reserve at most the limit');
  }
  return {
    ...(limit > 0 && {limit}),
    ...(swap !== 0 && {swap}),
    ...(reservation > 0 && {reservation}),
    ...(swappiness !== -1 && {swappiness}),
    ...(flags.oomKillDisable === true && {disableOOMKiller: true}),
  };
}

/** Zero is not given. */
function size(flag: string, text = '0'): number {
  const bytes = sizeBytes(text, flag, `${flag} 512m`);
  if (bytes === 0 || bytes >= leastBytes) return bytes;
  throw refuse(`${flag} ${text} is less than a container can live with`, 'give it at least 6m');
}

/** As much swap as memory unless said, as Docker and Podman have it. */
function swapOf(text: string | undefined, limit: number): number {
  if (text === '-1') return -1;
  const swap = sizeBytes(text ?? '0', '--memory-swap', '--memory-swap 1g, or -1 for no limit');
  if (swap === 0) return 2 * limit;
  if (limit === 0) {
    throw refuse('--memory-swap needs --memory', 'it limits memory and swap together');
  }
  if (swap >= limit) return swap;
  throw refuse(
    `--memory-swap ${text} is less than --memory`,
    'it counts memory and swap together: equal to --memory it means no swap',
  );
}

function swappinessOf(text = '-1'): number {
  return integer(text, '--memory-swappiness', -1, 100);
}
