import type {UserNamespace} from '@minicontainer/spec';
import {type Caller, readCaller, readText} from '../ids/caller.ts';
import type {UserNamespaceChoice} from '../ids/choice.ts';
import {chooseIds} from '../ids/user-namespace.ts';

/** In whose ids layers are unpacked. */
export interface LayerIds {
  /** None for the host's root: the files keep the archive's owners, and a mount shifts them. */
  readonly userNamespace?: UserNamespace;
  /** What snapshots in these ids are named by, behind their chain. */
  readonly key: string;
}

/**
 * The ids that a caller's layers are unpacked in. A plain user's mount cannot shift owners: each choice of
 * ids has layers of its own.
 */
export function layerIds(
  choice: UserNamespaceChoice | undefined,
  caller: Caller = readCaller(),
): LayerIds {
  if (caller.rank === 'root') return {key: ''};
  const chosen = chooseIds(choice, {caller, takeRange: noRange, readSubordinate: readText});
  if (chosen === undefined) return {key: ''};
  const userNamespace = chosen.namespace;
  return {userNamespace, key: `-${hash(JSON.stringify(userNamespace))}`};
}

/** Ranges are for root. */
function noRange(): number {
  return 0;
}

/** FNV-1a, 32 bits, forward and backward: no secret, and node:crypto takes 3 ms to load. */
function hash(text: string): string {
  return fnv1a(text) + fnv1a([...text].reverse().join(''));
}

function fnv1a(text: string): string {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, '0');
}
