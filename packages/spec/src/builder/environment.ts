const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The environment of a container: a few defaults, then what was asked for, nothing of the host's.
 *
 * `container` tells programs such as systemd where they are (systemd's container interface).
 */
export function buildEnvironment(
  asked: Readonly<Record<string, string>>,
  terminal: boolean,
): string[] {
  const values = new Map([['PATH', searchPath]]);
  if (terminal) values.set('TERM', 'xterm-256color');
  values.set('container', 'minicontainer');
  for (const [name, value] of Object.entries(asked)) values.set(name, value);
  return [...values].map(([name, value]) => `${name}=${value}`);
}
