import {
  familiarRepository,
  openStore,
  parseReference,
  type StoredImage,
} from '@minicontainer/image';
import {callerState} from '../state.ts';
import {imageUsers} from './image-users.ts';
import {layerMeasure, unpackedSize} from './layer-sizes.ts';

/** One image under one name: a line of `images`. */
export interface ImageListing {
  readonly image: StoredImage;
  /** As people write it: `debian`; none for an image that lost its name. */
  readonly repository?: string;
  /** None where it was pulled by digest, too. */
  readonly tag?: string;
  /** What was pulled: `debian@sha256:…`. */
  readonly repoDigest?: string;
  /** Bytes of its layers without compression. */
  readonly unpackedBytes: number;
  /** Ids of the containers that run from it. */
  readonly containers: readonly string[];
}

/**
 * All images, each under each of its names; those that lost their name last.
 *
 * @param root the state directory; the caller's own unless said
 */
export function listImages(root: string = callerState()): readonly ImageListing[] {
  const store = openStore(root);
  const users = imageUsers(store);
  const measure = layerMeasure(store);
  return store.names().map((image) => ({
    image,
    ...namesOf(image),
    unpackedBytes: unpackedSize(measure(image)),
    containers: users.get(image.manifest.digest) ?? [],
  }));
}

/** What to call an image, in the words of people. */
export function namesOf({
  name,
  digest,
}: StoredImage): Pick<ImageListing, 'repository' | 'tag' | 'repoDigest'> {
  if (name === undefined) return {};
  const reference = parseReference(name);
  const repository = familiarRepository(reference);
  const {tag} = reference;
  return {
    repository,
    ...(tag === undefined ? {} : {tag}),
    repoDigest: `${repository}@${digest}`,
  };
}
