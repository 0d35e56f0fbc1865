import {MinicontainerError} from '@minicontainer/errors';
import type {Descriptor} from '../../manifest/descriptor.ts';
import {Fields} from '../../manifest/fields.ts';
import {parseJson} from '../../manifest/json.ts';
import {longestManifest} from '../../manifest/manifest.ts';
import {fullName, parseReference} from '../../reference/reference.ts';
import type {Lease} from '../../store/leases.ts';
import type {ImageStore} from '../../store/store.ts';
import {assembleImage} from './assemble.ts';
import type {ArchiveContent} from './content.ts';
import type {FoundImage} from './oci-layout.ts';
import {severalImages} from './several-images.ts';

/** Whether an archive is what `docker save` writes, of old or new. */
export function isDockerArchive(content: ArchiveContent): boolean {
  return content.has('manifest.json');
}

/**
 * Finds the images of what `docker save` wrote. It has no manifests: each gets one of OCI's form, made from
 * the configuration as it is, so that the image's id stays.
 *
 * @param choice `wanted` names the one image that is asked for; `one` makes several an error without it
 * @throws {MinicontainerError} `EMANIFEST`, `EDIGEST`; `EIMAGE` when there is none of that name
 */
export async function readDockerArchive(
  content: ArchiveContent,
  store: ImageStore,
  lease: Lease,
  {wanted, one}: {readonly wanted?: string | undefined; readonly one?: boolean | undefined} = {},
): Promise<readonly FoundImage[]> {
  const what = `${content.name}: manifest.json`;
  const bytes = await store.readBlob(await content.file('manifest.json'));
  const entries = new Fields({images: parseJson(bytes, what, longestManifest)}, what).objects(
    'images',
  );
  const wantedName = wanted === undefined ? undefined : fullName(parseReference(wanted));
  if (one && wanted === undefined && entries.length > 1) {
    const all = entries.flatMap((entry) =>
      entry.has('RepoTags') ? entry.strings('RepoTags') : [],
    );
    throw severalImages(content.name, all);
  }
  const found: FoundImage[] = [];
  const there: string[] = [];
  for (const entry of entries) {
    const names = entry.has('RepoTags') ? entry.strings('RepoTags').map(nameOf) : [];
    there.push(...names);
    if (wantedName !== undefined && !names.includes(wantedName)) continue;
    const image = await take(content, store, lease, entry);
    found.push({image, names: wantedName === undefined ? names : [wantedName]});
  }
  if (found.length > 0) return found;
  const missing = wanted === undefined ? 'no image' : `no image ${wanted}`;
  throw new MinicontainerError('EIMAGE', `${content.name} has ${missing}`, {
    hint: there.length === 0 ? 'it has none with a name' : `it has ${there.join(', ')}`,
  });
}

function nameOf(text: string): string {
  return fullName(parseReference(text));
}

async function take(content: ArchiveContent, store: ImageStore, lease: Lease, entry: Fields) {
  const config = await content.file(entry.string('Config'));
  const layers: Descriptor[] = [];
  for (const path of entry.strings('Layers')) layers.push(await content.file(path));
  return await assembleImage(store, lease, {name: content.name, config, layers});
}
