import type {UserNamespaceChoice} from '@minicontainer/engine';
import {layerIdsOf, provideImage} from '@minicontainer/engine/images';
import type {ImageFetching} from '../../run/image.ts';

/** Sees to it that the image of a `run` is here and unpacked. @returns its id */
export async function provideForRun(
  name: string,
  userns: UserNamespaceChoice | undefined,
  {policy, platform}: ImageFetching,
): Promise<string> {
  const {image} = await provideImage(name, {policy, platform, ids: layerIdsOf(userns)});
  return image.id;
}
