import {lstatSync} from 'node:fs';
import type {Spec} from '@minicontainer/spec';

/** Where a container finds the socket that it tells its service manager of itself by. */
const place = '/run/notify/notify';

/**
 * The spec of a container that the caller is to hear of: engines that run as a service hand the socket on, and
 * mean the container (`podman run --sdnotify=container`). One of the abstract namespace is not to be had
 * in another network namespace.
 *
 * @param socket what NOTIFY_SOCKET says
 * @see sd_notify(3)
 */
export function withNotifySocket(spec: Spec, socket: string | undefined): Spec {
  if (!socket?.startsWith('/') || !isSocket(socket) || spec.process === undefined) return spec;
  const {env = []} = spec.process;
  const bind = {
    destination: place,
    type: 'bind',
    source: socket,
    options: ['bind', 'nosuid', 'nodev', 'noexec'],
  };
  const others = env.filter((entry) => !entry.startsWith('NOTIFY_SOCKET='));
  return {
    ...spec,
    mounts: [...(spec.mounts ?? []), bind],
    process: {...spec.process, env: [...others, `NOTIFY_SOCKET=${place}`]},
  };
}

function isSocket(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false})?.isSocket() ?? false;
}
