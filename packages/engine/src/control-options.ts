/** What of the kernel's controls a container is to have, or to do without. */
export interface ControlOptions {
  /** The NIS domain name. */
  readonly domainname?: string;
  /** Kernel parameters of its own namespaces, by name: `net.ipv4.ip_forward`. */
  readonly sysctl?: Readonly<Record<string, string>>;
  /** An AppArmor profile that the host has loaded. */
  readonly apparmor?: string;
  /** Parts of an SELinux label: `user:U`, `role:R`, `type:T`, `level:L`, `filetype:T`, or `disable`. */
  readonly labels?: readonly string[];
  /** Paths to hide besides the default ones. */
  readonly mask?: readonly string[];
  /** Default masked and read-only paths to leave open, with `*` for any name; `ALL` is all of them. */
  readonly unmask?: readonly string[];
  /** Options of /proc besides the default ones. */
  readonly procOptions?: readonly string[];
  /** Whose processes it sees; `private`, its own, unless said. */
  readonly pid?: 'private' | 'host';
  /** Whose message queues and shared memory; with `none` it has no /dev/shm either. */
  readonly ipc?: 'private' | 'shareable' | 'host' | 'none';
  readonly uts?: 'private' | 'host';
  /** Groups besides the user's own, by name or number. */
  readonly groupAdd?: readonly string[];
  /** With `readOnly`, /run, /tmp and /var/tmp are in memory and can be written. */
  readonly readOnlyTmpfs?: boolean;
  /** The file mode creation mask: at most 0o777. */
  readonly umask?: number;
}
