import type {IdMapping} from '@minicontainer/spec';

/** Ids of the host that a container has, as the caller asks for them. */
export type UserNamespaceChoice =
  | 'auto'
  | 'host'
  | 'keep-id'
  | 'nomap'
  /**
   * `size` ids from 0 on, of which these are mapped as said. For root the others are a range that nobody
   * else has, for a plain user the caller's own id and its subordinate ids, in this order.
   */
  | {readonly kind: 'auto'; readonly size?: number; readonly maps?: AskedMappings}
  /** The caller's own id is this one inside; unless said it is the same as outside. */
  | {readonly kind: 'keep-id'; readonly uid?: number; readonly gid?: number}
  /** Exactly these; one that is not given is like the other. */
  | {readonly kind: 'maps'; readonly maps: AskedMappings}
  /** The ids that /etc/subuid and /etc/subgid give to these names, from 0 on. */
  | {readonly kind: 'subordinate'; readonly users?: string; readonly groups?: string};

/**
 * Mappings whose `hostID` counts as the caller counts: for root it is an id of the host, for a plain user 0
 * is the caller's own and those from 1 on are its subordinate ids.
 */
export interface AskedMappings {
  readonly uidMappings?: readonly IdMapping[];
  readonly gidMappings?: readonly IdMapping[];
}

export type KnownChoice = Exclude<UserNamespaceChoice, string> | {readonly kind: 'host' | 'nomap'};

/** A name alone as the choice that it stands for. */
export function knownChoice(choice: UserNamespaceChoice): KnownChoice {
  return typeof choice === 'string' ? {kind: choice} : choice;
}
