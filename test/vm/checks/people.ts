/** Who starts containers in the guest. */
export interface Person {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  /** Where minicontainer keeps its state, unless told otherwise. */
  readonly state: string;
  /** The host's ids of a container's ids 1 and up; undefined where a container has no other than 0. */
  readonly subordinate?: number;
  /** A command, run by root, that becomes the person and runs another; else nothing but ids changes. */
  readonly through?: readonly string[];
}

export const root: Person = {
  name: 'root',
  uid: 0,
  home: '/root',
  state: '/var/lib/minicontainer',
};

/** With a range in /etc/subuid and /etc/subgid. */
export const alice: Person = {...plain('alice', 1000), subordinate: 200_000};

/** Without. */
export const solo: Person = plain('solo', 1001);

function plain(name: string, uid: number): Person {
  const home = `/home/${name}`;
  return {name, uid, home, state: `${home}/.local/share/minicontainer`};
}
