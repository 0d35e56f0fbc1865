import {randomBytes} from 'node:crypto';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describeEach} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {succeed} from './harness/commands.ts';
import {HostileRegistry, smallImage} from './harness/hostile-registry.ts';
import {tarOf} from './harness/image-archive.ts';

// A layer is unpacked while it comes: what a mirror lies about has been written before the lie shows.

const content = randomBytes(3_000_000);

describeEach('a mirror that sends other bytes of a layer', (person) => {
  test.each([
    ['from the first on, which are no archive', 0],
    ['in a file', 2_000_000],
  ])('%s: what another sends is unpacked', async (_, at) => {
    const layer = tarOf([{path: 'large', data: content}]);
    const wrong = Buffer.from(layer);
    wrong.fill(0x7f, at, at + 1000);
    const image = smallImage(layer);
    await using mirror = await HostileRegistry.start(({url}, response) => {
      if (url?.endsWith(image.layerDigest) !== true) return false;
      // Time enough to unpack what has come.
      response.write(wrong.subarray(0, -1), () => {
        setTimeout(() => response.end(wrong.subarray(-1)), 200);
      });
      return true;
    }, image);
    await using registry = await HostileRegistry.start(() => false, image);
    const {work, state} = roomOf(person);
    const conf = join(work, 'registries.conf');
    writeFileSync(
      conf,
      `[[registry]]\nlocation = "${registry.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}"\n`,
    );
    await succeed(['pull', `${registry.host}/x`], person, {
      env: {CONTAINERS_REGISTRIES_CONF: conf},
    });
    const [snapshot = ''] = readdirSync(join(state, 'snapshots'));
    expect(readFileSync(join(state, 'snapshots', snapshot, 'fs/large')).equals(content)).toBe(true);
  });
});
