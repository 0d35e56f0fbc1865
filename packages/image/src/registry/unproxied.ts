import {BlockList, isIP} from 'node:net';

/**
 * Whether `NO_PROXY` names the host of a URL: `*` for all, a host, which stands for those below it, too, an
 * address, or a network such as `10.0.0.0/8`; any of them but a network for one port alone, as `host:5000`.
 *
 * @see golang.org/x/net/http/httpproxy; curl(1), NO_PROXY
 */
export function isUnproxied(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const entries = noProxy.toLowerCase().split(/[,\s]+/);
  return entries.some((entry) => entry !== '' && names(entry, host, port));
}

function names(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return holds(entry, host);
  if (isIP(entry) !== 0) return isSameAddress(entry, host);
  const [, name = entry, only = port] = /^(.*):(\d+)$/.exec(entry) ?? [];
  if (only !== port) return false;
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return isSameAddress(bare, host);
  const domain = bare.replace(/^\*?\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function isSameAddress(address: string, host: string): boolean {
  return holds(`${address}/${isIP(address) === 4 ? 32 : 128}`, host);
}

/** What is no network holds nothing. */
function holds(network: string, host: string): boolean {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(network) ?? [];
  const family = isIP(address);
  const prefix = Number(digits);
  if (family === 0 || family !== isIP(host) || prefix > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, prefix, kind);
  return list.check(host, kind);
}
