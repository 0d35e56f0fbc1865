import type {Operation} from '@minicontainer/plan';

/** What a root file system adds to a plan. */
export interface RootContribution {
  /** Leave the root's mount, attached, in slot `root`. */
  readonly root: readonly Operation[];
  /** Files of ours, after every mount. */
  readonly files: readonly Operation[];
  /** Where in it the container may open what is there, for Landlock to hold it to; unless said, it does not. */
  readonly trees?: readonly string[];
}

/** Who builds the root file system, as far as that decides how. */
export interface Builder {
  /** The caller is the host's root: it may clone what container root may not reach, and shift owners. */
  readonly hostRoot: boolean;
  /** The container has a user namespace of its own. */
  readonly userNamespace: boolean;
  /** A directory on disk, of this container alone, where the memory file system cannot hold the upper one. */
  readonly diskDirectory: string;
  readonly readOnly: boolean;
}

/** Files that every container has of its own. */
export interface OwnFiles {
  readonly hostname: string;
  /** Name servers, where the host's network is shared; else the root file system's own file stays. */
  readonly resolvConf?: string;
}

/** By path below /etc. */
export function ownFiles({hostname, resolvConf}: OwnFiles): Readonly<Record<string, string>> {
  return {
    hostname: `${hostname}\n`,
    hosts: [
      '127.0.0.1 localhost',
      '::1 localhost ip6-localhost ip6-loopback',
      `127.0.1.1 ${hostname}`,
      '',
    ].join('\n'),
    ...(resolvConf === undefined ? {} : {'resolv.conf': resolvConf}),
  };
}
