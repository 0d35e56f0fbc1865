/**
 * Files that only the host's root may read. In a user namespace they are out of reach by construction;
 * with the host's ids (`--userns host`) there is only this list, for the host view to mask.
 */
export const hostSecrets: readonly string[] = Object.freeze([
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/ssh/ssh_host_dsa_key',
  '/etc/ssh/ssh_host_ecdsa_key',
  '/etc/ssh/ssh_host_ed25519_key',
  '/etc/ssh/ssh_host_rsa_key',
  '/etc/ssl/private',
  '/etc/krb5.keytab',
  '/etc/machine-id',
  '/etc/security/opasswd',
  '/etc/wireguard',
  '/etc/NetworkManager/system-connections',
  '/var/lib/systemd/random-seed',
  '/var/lib/docker',
  '/var/lib/containers',
  '/var/lib/containerd',
  '/var/lib/minicontainer',
  '/var/lib/postgresql',
  '/var/lib/mysql',
  '/var/spool/cron',
  '/var/mail',
  '/var/spool/mail',
  '/var/log',
  '/var/backups',
]);
