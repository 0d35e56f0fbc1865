import {readdirSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';
import type {Process} from './processes.ts';

/** The network namespaces that the test is in or holds open, by their name: `net:[4026531840]`. */
export function readNetworks(): Set<string> {
  return new Set(networksOf(process.pid));
}

/** New ones that the test itself or what is left of it keeps; one kept by a mount shows as a mount. */
export function newNetworks(before: ReadonlySet<string>, left: readonly Process[]): string[] {
  return [process.pid, ...left.map(({pid}) => pid)]
    .flatMap((pid) => networksOf(pid).map((network) => ({pid, network})))
    .filter(({network}) => !before.has(network))
    .map(({pid, network}) => `${network} held by process ${pid}`);
}

function networksOf(pid: number): string[] {
  const directory = `/proc/${pid}/fd`;
  return [`/proc/${pid}/ns/net`, ...listed(directory).map((fd) => join(directory, fd))]
    .map(target)
    .filter((name) => name.startsWith('net:['));
}

function listed(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
