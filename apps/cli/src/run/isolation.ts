import type {RunOptions} from '@minicontainer/engine';
import type {RunFlags} from './flags.ts';
import {quoted, refuse} from './refuse.ts';
import {userNamespace} from './userns.ts';

type Isolation = Pick<RunOptions, 'network' | 'userns' | 'privileged' | 'capAdd' | 'capDrop'>;

/** What loosens or tightens the container, where the flags do not contradict each other. */
export function isolation(flags: RunFlags): Isolation {
  const network = networkOf(flags.network);
  const userns = userNamespace(flags);
  const privileged = flags.privileged === true;
  const capAdd = capabilities('--cap-add', flags.capAdd);
  const capDrop = capabilities('--cap-drop', flags.capDrop);
  const both = capAdd.find((name) => capDrop.some((other) => plain(other) === plain(name)));
  if (both !== undefined) {
    throw refuse(`--cap-add ${quoted(both)} and --cap-drop of the same contradict each other`);
  }
  return {
    ...(network !== undefined && {network}),
    ...(userns !== undefined && {userns}),
    ...(privileged && {privileged}),
    ...(capAdd.length > 0 && {capAdd}),
    ...(capDrop.length > 0 && {capDrop}),
  };
}

/** `none`, `host`, or `ns:PATH`, a namespace that exists. */
function networkOf(values: readonly string[] | undefined): RunOptions['network'] {
  const path = values?.at(-1)?.replace(/^ns:/, '');
  if (values?.length !== 1 || path === undefined || path === values[0]) {
    return choice('--network', values, ['none', 'host'] as const);
  }
  if (path.startsWith('/')) return {path};
  throw refuse(
    `--network ${quoted(`ns:${path}`)} is no absolute path`,
    'for example --network ns:/run/netns/blue',
  );
}

export function choice<T extends string>(
  flag: string,
  values: readonly string[] | undefined,
  choices: readonly T[],
): T | undefined {
  let chosen: T | undefined;
  for (const value of values ?? []) {
    const known = choices.find((name) => name === value);
    if (known === undefined) {
      throw refuse(
        `${flag} ${quoted(value)} is not known`,
        `this version has ${choices.join(' and ')}`,
      );
    }
    if (chosen !== undefined && chosen !== known) {
      throw refuse(`${flag} ${chosen} and ${flag} ${known} contradict each other`);
    }
    chosen = known;
  }
  return chosen;
}

/** Podman takes several names behind one flag, Docker one: no name has a comma in it. */
function capabilities(flag: string, values: readonly string[] = []): string[] {
  const names = values.flatMap((value) => value.split(','));
  if (names.includes(''))
    throw refuse(`${flag} names no capability`, `for example ${flag} NET_ADMIN`);
  return names;
}

function plain(capability: string): string {
  return capability.toUpperCase().replace(/^CAP_/, '');
}
