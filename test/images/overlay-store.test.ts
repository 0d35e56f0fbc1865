import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeRoot, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {shell} from '../e2e/harness/run.ts';
import {layoutPath, makeImages} from '../vm/guest/image.ts';

// As in a container of another engine, whose root the store lies in.
describeRoot('a store on an overlay', () => {
  it.each([
    [
      'one layer, which cannot be laid over',
      'one',
      /EINVAL\nhint: .* not lie on an overlay.*MINICONTAINER_ROOT/,
    ],
    [
      'marks of what is gone, which it refuses',
      'few',
      /EPERM\nhint: .* not lie on an overlay.*MINICONTAINER_ROOT/,
    ],
  ])('says where else to keep an image of %s', async (_, tag, said) => {
    const {work} = roomOf(someone);
    makeImages(join(work, 'images'), join(work, 'layers'));
    for (const name of ['lower', 'upper', 'inner', 'merged']) mkdirSync(join(work, name));
    const script = `
      mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=inner overlay merged &&
      mkdir -m 700 merged/store &&
      MINICONTAINER_ROOT=$PWD/merged/store \\
        minicontainer run oci:images${layoutPath}:${tag} /bin/true`;
    const {status, stderr} = await shell(`exec unshare -m bash -c '${script}'`);
    expect(stderr).toMatch(said);
    expect(status).toBe(125);
  });
});
