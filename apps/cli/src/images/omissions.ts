import type {PulledImage} from '@minicontainer/engine/images';

/** What of an image is not here as it says, one sentence each. */
export function omissionNotes(
  name: string,
  {devices, squashedOwners}: PulledImage['omissions'],
): string[] {
  return [
    ...(devices > 0
      ? [`${name}: ${counted(devices, 'device')} left out, which only root can make`]
      : []),
    ...(squashedOwners > 0
      ? [`${name}: for lack of ids, root owns ${counted(squashedOwners, 'file')} of others`]
      : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
