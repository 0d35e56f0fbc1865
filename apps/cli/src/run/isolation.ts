import type {RunOptions} from '@minicontainer/engine';
import type {RunFlags} from './flags.ts';
import {quoted, refuse} from './refuse.ts';
import {userNamespace} from './userns.ts';

type Isolation = Pick<RunOptions, 'network' | 'userns' | 'privileged' | 'capAdd' | 'capDrop'>;

/** What loosens or tightens the container, where the flags do not contradict each other. */
export function isolation(flags: RunFlags): Isolation {
  const network = choice('--network', flags.network, ['none', 'host']);
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

function choice<T extends string>(
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
