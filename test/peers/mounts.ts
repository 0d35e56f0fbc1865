import {type Observation, pathsOf, toldOf} from './observation.ts';

export interface Mount {
  readonly place: string;
  readonly options: readonly string[];
  /** `shared:N`, `master:N`. @see proc_pid_mountinfo(5), optional fields */
  readonly propagation: readonly string[];
}

export function mountsOf(observation: Observation): Mount[] {
  return toldOf(observation, 'mountinfo').map(([line = '']) => {
    const [, , , , place = '', options = '', ...rest] = line.split(' ');
    return {place, options: options.split(','), propagation: rest.slice(0, rest.indexOf('-'))};
  });
}

/** Where file systems are mounted, but for single devices and what covers something. */
export function placesOf(observation: Observation): string[] {
  const single = [
    ...pathsOf(observation, 'covered'),
    ...toldOf(observation, 'device').map(([path = '']) => path),
  ];
  return mountsOf(observation)
    .map(({place}) => place)
    .filter((place) => !single.includes(place) && !place.startsWith('/sys/fs/cgroup/'));
}

/** The mount that a path is on: the last of the longest. */
export function mountAt(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts
    .filter(({place}) => path === place || path.startsWith(place === '/' ? '/' : `${place}/`))
    .reduce<Mount | undefined>(
      (best, mount) => (best && best.place.length > mount.place.length ? best : mount),
      undefined,
    );
}
