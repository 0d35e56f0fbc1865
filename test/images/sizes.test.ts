import {renameSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describeEach, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {fixture, succeed} from './harness/commands.ts';
import {withPodman} from './harness/peers.ts';

// Sizes of images, as Podman counts them: the layers' archives without their compression. It counts the
// manifest, too, which is to be seen where there are a hundred layers with next to nothing in them.

const tags = ['busybox', 'everything'];
let ofPodman: Promise<number[]> | undefined;

/** Of each tag; once for all people. */
function podmansSizes(): Promise<number[]> {
  const script = `for image; do
    $podman pull -q --tls-verify=false "$image" >/dev/null
    $podman image inspect --format '{{.Size}}' "$image"
  done`;
  ofPodman ??= withPodman(script, tags.map(fixture), someone).then((text) =>
    text.trim().split('\n').map(Number),
  );
  return ofPodman;
}

describeEach('the size of an image', (person) => {
  const sizeOf = async (tag: string) =>
    Number(await succeed(['inspect', '-f', '{{.Size}}', fixture(tag)], person));

  test('is what Podman says', {timeout: 120_000}, async () => {
    for (const tag of tags) await succeed(['pull', '-q', fixture(tag)], person);
    const sizes = await Promise.all(tags.map(sizeOf));
    const expected = await podmansSizes();
    const ratios = sizes.map((size, index) => size / (expected[index] ?? 0));
    for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
    const [busybox = 0, everything = 0] = sizes;
    const listed = ['images', '--format', '{{.Repository}} {{.Size}}'];
    expect(await succeed(listed, person)).toContain(
      `${fixture('busybox')} ${(busybox / 1e6).toPrecision(3)}MB\n`,
    );
    const steps = await succeed(
      ['history', '-H=false', '--format', '{{.Size}}', fixture('everything')],
      person,
    );
    const bytes = steps.trim().split('\n').map(Number);
    expect(bytes.reduce((sum, step) => sum + step)).toBe(everything);
    expect(bytes.at(-1)).toBe(busybox);
  });

  test('is what its layers say of themselves where they are not unpacked here', async () => {
    const {state, work} = roomOf(person);
    const [there, aside] = [join(state, 'snapshots'), join(work, 'snapshots')];
    for (const tag of ['everything', 'everything-zstd', 'everything-plain']) {
      await succeed(['pull', '-q', fixture(tag)], person);
    }
    const counted = await sizeOf('everything');
    expect(await sizeOf('everything-zstd')).toBe(counted);
    renameSync(there, aside);
    try {
      expect(await sizeOf('everything')).toBe(counted);
      expect(await sizeOf('everything-plain')).toBe(counted);
      expect(await sizeOf('everything-zstd')).toBeLessThanOrEqual(counted);
    } finally {
      renameSync(aside, there);
    }
  });
});
