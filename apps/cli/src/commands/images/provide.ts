import type {UserNamespaceChoice} from '@minicontainer/engine';
import {layerIdsOf, provideImage, registryOptions} from '@minicontainer/engine/images';
import {omissionNotes} from '../../images/omissions.ts';
import {printNote} from '../../output/failure.ts';
import {watched} from '../../progress/watched.ts';
import type {ImageFetching} from '../../run/image.ts';

/** Sees to it that the image of a `run` is here and unpacked. @returns its id */
export async function provideForRun(
  name: string,
  userns: UserNamespaceChoice | undefined,
  {policy, platform, quiet, access}: ImageFetching,
): Promise<string> {
  const registry = registryOptions({...access, note: printNote});
  const {image, omissions} = await watched({quiet}, (watching) =>
    provideImage(name, {policy, platform, registry, ids: layerIdsOf(userns), ...watching}),
  );
  for (const note of quiet ? [] : omissionNotes(name, omissions)) printNote(note);
  return image.id;
}
