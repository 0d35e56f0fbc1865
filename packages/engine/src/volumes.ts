import {type Operation, operation} from '@minicontainer/plan';
import type {RunOptions} from './options.ts';

/** Places of a root that will be read-only which stay writable: each becomes a mount of its own. */
export function writableVolumes({volumes = [], mounts = []}: RunOptions): Operation[] {
  const mounted = new Set(mounts.map(({target}) => target));
  return volumes
    .filter((path) => path !== '/' && !mounted.has(path))
    .flatMap((path) => {
      const [place, slot] = [path.slice(1), `volume-${path}`];
      const why = 'a volume of the image can be written, though the root cannot';
      return [
        operation('build', 'makeDirectory', {root: 'root', path: place, mode: 0o755}, why),
        operation(
          'build',
          'openTree',
          {root: 'root', path: place, recursive: false, device: 0n, to: slot},
          why,
        ),
        operation(
          'build',
          'attachMount',
          {mount: slot, root: 'root', target: place, file: false, create: false, follow: true},
          why,
        ),
      ];
    });
}
