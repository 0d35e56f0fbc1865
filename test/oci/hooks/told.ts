import {chmodSync, existsSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Hook, Hooks} from '@minicontainer/spec';
import type {Room} from '../harness/room.ts';

/** In the order of the specification. */
export const kinds = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
] as const satisfies readonly (keyof Hooks)[];

export type Kind = (typeof kinds)[number];

export const busybox = '/bin/busybox';
const namespaces = ['mnt', 'net', 'pid', 'ipc', 'uts', 'user'];

/** What a hook has found. */
export interface Told {
  readonly kind: string;
  /** Which namespaces are the caller's, and which not. */
  readonly namespaces: string;
  readonly cwd: string;
  /** What only a container has in its root. */
  readonly root: 'host' | 'container';
  readonly env: readonly string[];
  readonly fds: string;
  readonly status: readonly string[];
  readonly stdin: string;
}

/** Appended to one file, which the host has where the container has /tmp/told. */
const script = [
  'exec 9>>$1',
  'tell() { echo "$*" >&9; }',
  'tell kind $0',
  `tell namespaces ${namespaces.map((name) => `$(busybox readlink /proc/self/ns/${name})`).join(' ')}`,
  'tell cwd $(pwd)',
  'tell root $(test -e /only-inside && echo container || echo host)',
  // By the shell itself: of a process that has executed something else meanwhile nothing can be read.
  'env=; while IFS= read -r -d "" variable; do env="$env$variable|"; done < /proc/self/environ',
  'tell env "$env"',
  'tell fds $(busybox ls /proc/self/fd | busybox tr "\\n" " ")',
  'tell status "$(busybox grep -E "^(Cap...|NoNewPrivs|Seccomp|Uid):" /proc/self/status | busybox tr -s "\\n\\t" "| ")"',
  'tell stdin "$(busybox cat)"',
].join('\n');

/** A hook that tells what it finds. */
export function tellingHook(room: Room, kind: Kind, more: Partial<Hook> = {}): Hook {
  const inside = kind === 'startContainer';
  return {
    path: busybox,
    args: ['sh', '-c', script, kind, inside ? '/tmp/told' : toldFile(room)],
    env: ['PATH=/bin', `ROOM=${room.path}`],
    ...more,
  };
}

/** One of each kind. */
export function tellingHooks(room: Room, more: Partial<Hook> = {}): Hooks {
  return Object.fromEntries(kinds.map((kind) => [kind, [tellingHook(room, kind, more)]]));
}

function toldFile(room: Room): string {
  return join(room.bundle, 'rootfs/tmp/told');
}

/** For hooks of any user, the container's included. */
export function makeTold(room: Room): void {
  const rootfs = join(room.bundle, 'rootfs');
  writeFileSync(toldFile(room), '');
  chmodSync(toldFile(room), 0o666);
  writeFileSync(join(rootfs, 'only-inside'), '');
}

/** What was told, hook by hook. */
export function told(room: Room): Told[] {
  if (!existsSync(toldFile(room))) return [];
  const [, ...blocks] = `\n${readFileSync(toldFile(room), 'utf8')}`.split('\nkind ');
  return blocks.map(parse);
}

export function toldKinds(room: Room): string[] {
  return told(room).map(({kind}) => kind);
}

function parse(block: string): Told {
  const lines = `kind ${block}`.trimEnd().split('\n');
  const value = (name: string) =>
    (lines.find((line) => line.startsWith(`${name} `)) ?? '').slice(name.length + 1);
  const own = namespaces.map((name) => readlinkSync(`/proc/self/ns/${name}`));
  return {
    kind: value('kind'),
    namespaces: value('namespaces')
      .split(' ')
      .map((link, index) => `${namespaces[index]} ${link === own[index] ? 'host' : 'own'}`)
      .join(', '),
    cwd: value('cwd'),
    root: value('root') === 'container' ? 'container' : 'host',
    env: value('env').split('|').filter(Boolean),
    fds: value('fds'),
    status: value('status').split('|').filter(Boolean),
    stdin: value('stdin'),
  };
}
