/**
 * Whether a host is this machine itself: `localhost`, 127.0.0.0/8 or `::1`.
 *
 * By its name, not by what DNS says of it: that others may decide.
 */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
