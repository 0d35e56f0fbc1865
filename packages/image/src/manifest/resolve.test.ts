import {describe, expect, it} from 'vitest';
import type {Digest} from '../digest/digest.ts';
import {digestOf} from '../digest/digester.ts';
import type {Descriptor} from './descriptor.ts';
import {MEDIA_TYPE} from './media-types.ts';
import {parsePlatform} from './platform.ts';
import {resolveImage} from './resolve.ts';

const amd64 = parsePlatform('linux/amd64');

/** Documents by their digests, as a registry or a store has them. */
class Shelf {
  readonly #documents = new Map<Digest, Buffer>();
  reads = 0;

  put(mediaType: string, value: unknown, platform?: string): Descriptor {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = digestOf(bytes);
    this.#documents.set(digest, bytes);
    return {
      mediaType,
      digest,
      size: bytes.length,
      ...(platform === undefined ? {} : {platform: parsePlatform(platform)}),
    };
  }

  image(architecture: string, platform?: string): Descriptor {
    const config = this.put(MEDIA_TYPE.ociConfig, {
      os: 'linux',
      architecture,
      rootfs: {diff_ids: []},
    });
    return this.put(MEDIA_TYPE.ociManifest, {schemaVersion: 2, config, layers: []}, platform);
  }

  index(...manifests: Descriptor[]): Descriptor {
    return this.put(MEDIA_TYPE.ociIndex, {schemaVersion: 2, manifests});
  }

  readonly read = async ({digest}: Descriptor): Promise<Buffer> => {
    this.reads += 1;
    const bytes = this.#documents.get(digest);
    if (bytes === undefined) throw new Error(`not here: ${digest}`);
    return bytes;
  };
}

describe('an image for a platform', () => {
  it('is found behind a manifest, an index, and indexes in an index', async () => {
    const shelf = new Shelf();
    const image = shelf.image('amd64', 'linux/amd64');
    const index = shelf.index(shelf.image('arm64', 'linux/arm64'), image);
    const outer = shelf.index(shelf.index(), index);
    for (const root of [image, index, outer]) {
      const found = await resolveImage(root, amd64, shelf.read);
      expect(found.descriptor.digest).toBe(image.digest);
      expect(found.config.platform.architecture).toBe('amd64');
    }
  });

  it('is found by its configuration where the index says no platform', async () => {
    const shelf = new Shelf();
    const wanted = shelf.image('amd64');
    const {descriptor} = await resolveImage(
      shelf.index(shelf.image('s390x'), wanted),
      amd64,
      shelf.read,
    );
    expect(descriptor).toMatchObject({digest: wanted.digest, platform: amd64});
  });

  it('is not there: what is says the error, of indexes within, too', async () => {
    const shelf = new Shelf();
    const root = shelf.index(
      shelf.image('arm64', 'linux/arm64'),
      shelf.index(shelf.image('s390x')),
    );
    await expect(resolveImage(root, amd64, shelf.read, 'debian:12')).rejects.toMatchObject({
      code: 'EPLATFORM',
      message: 'debian:12 has no image for linux/amd64',
      hint: 'it has linux/arm64, linux/s390x',
    });
    await expect(resolveImage(shelf.image('arm'), amd64, shelf.read)).rejects.toMatchObject({
      code: 'EPLATFORM',
      hint: 'it has linux/arm/v7',
    });
  });

  it('is not looked for deeper than five indexes', async () => {
    const shelf = new Shelf();
    let root = shelf.image('amd64', 'linux/amd64');
    for (let depth = 0; depth < 5; depth += 1) root = shelf.index(root);
    await expect(resolveImage(root, amd64, shelf.read)).resolves.toBeDefined();
    await expect(resolveImage(shelf.index(root), amd64, shelf.read)).rejects.toMatchObject({
      code: 'EMANIFEST',
      message: expect.stringContaining('nested deeper than 5'),
    });
  });

  it('is not looked for without end', async () => {
    const shelf = new Shelf();
    const many = Array.from({length: 5000}, (_, number) => shelf.image(`arch${number}`));
    await expect(resolveImage(shelf.index(...many), amd64, shelf.read)).rejects.toMatchObject({
      code: 'EMANIFEST',
      message: expect.stringContaining('more than 64'),
    });
    expect(shelf.reads).toBeLessThan(200);
  });

  it('is not read when its descriptor says that it is too long', async () => {
    const shelf = new Shelf();
    const image = {...shelf.image('amd64'), size: 2 ** 40};
    await expect(resolveImage(image, amd64, shelf.read)).rejects.toMatchObject({code: 'EMANIFEST'});
    expect(shelf.reads).toBe(0);
  });
});
