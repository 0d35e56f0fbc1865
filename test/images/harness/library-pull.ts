import {
  fullName,
  hostPlatform,
  openStore,
  type Platform,
  parseReference,
  resolveImage,
} from '@minicontainer/image';
import {openRegistries, type RegistryOptions} from '@minicontainer/image/registry';

/** Pauses that tests need not wait for, and nothing of this machine's own configuration. */
export function registryOptions(home: string, given: RegistryOptions = {}): RegistryOptions {
  const env = {HOME: home, CONTAINERS_REGISTRIES_CONF: '/dev/null', SSL_CERT_FILE: '/dev/null'};
  return {env, retry: {firstPauseMs: 1}, ...given};
}

/** Pulls an image into a store by the library, without unpacking it. */
export async function pullByLibrary(
  image: string,
  root: string,
  options: RegistryOptions,
  platform: Platform = hostPlatform(),
) {
  await using registries = await openRegistries(options);
  const reference = parseReference(image);
  const repository = registries.repository(reference);
  const {descriptor, bytes} = await repository.resolve(reference);
  const store = openStore(root);
  await store.writeBlob(bytes, descriptor.mediaType);
  const found = await resolveImage(descriptor, platform, async (wanted) => {
    const content = wanted.digest === descriptor.digest ? bytes : await repository.read(wanted);
    await store.writeBlob(content, wanted.mediaType);
    return content;
  });
  const {layers} = found.manifest;
  await Promise.all(
    layers.map((layer) => repository.fetchBlob(layer, (from) => store.ingest(layer, from))),
  );
  const stored = await store.setName(fullName(reference), {
    digest: descriptor.digest,
    manifest: found.descriptor,
  });
  return {layers: layers.length, descriptor, digest: found.descriptor.digest, store, stored};
}
