import type {ImageFlagValues} from './image-flags.ts';
import type {LimitFlagValues} from './limit-flags.ts';

/** The flags of `run` as they were given; undefined is not given. */
export interface RunFlags extends LimitFlagValues, ImageFlagValues {
  readonly interactive: boolean | undefined;
  readonly tty: boolean | undefined;
  readonly env: readonly string[] | undefined;
  readonly envFile: readonly string[] | undefined;
  readonly workdir: string | undefined;
  readonly user: string | undefined;
  readonly hostname: string | undefined;
  readonly rm: boolean | undefined;
  readonly init: boolean | undefined;
  readonly rootfs: readonly string[] | undefined;
  readonly readOnly: boolean | undefined;
  readonly volume: readonly string[] | undefined;
  readonly mount: readonly string[] | undefined;
  readonly tmpfs: readonly string[] | undefined;
  readonly network: readonly string[] | undefined;
  readonly userns: readonly string[] | undefined;
  readonly uidmap: readonly string[] | undefined;
  readonly gidmap: readonly string[] | undefined;
  readonly subuidname: string | undefined;
  readonly subgidname: string | undefined;
  readonly entrypoint: string | undefined;
  readonly privileged: boolean | undefined;
  readonly capAdd: readonly string[] | undefined;
  readonly capDrop: readonly string[] | undefined;
  readonly securityOpt: readonly string[] | undefined;
  readonly sysctl: readonly string[] | undefined;
  readonly domainname: string | undefined;
  readonly umask: string | undefined;
  readonly groupAdd: readonly string[] | undefined;
  readonly readOnlyTmpfs: boolean | undefined;
  readonly device: readonly string[] | undefined;
  readonly pid: readonly string[] | undefined;
  readonly ipc: readonly string[] | undefined;
  readonly uts: readonly string[] | undefined;
  /** The command and its arguments. */
  readonly words: readonly string[];
}
