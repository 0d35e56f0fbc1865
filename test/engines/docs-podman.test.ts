import {copyFileSync, mkdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {isRoot, people} from '../e2e/harness/people.ts';
import {EngineArena} from './harness/arena.ts';
import {blockOf, commandsOf, installAsDocumented, type, writeBlock} from './harness/document.ts';
import {image, Podman} from './harness/podman.ts';

// docs/engines.md, section Podman, followed word by word.

describe.runIf(isRoot)('only root: Podman, as the document has it', () => {
  let arena: EngineArena;
  beforeEach(async () => {
    arena = await EngineArena.open({ownCgroups: true});
    await installAsDocumented(arena);
  });
  afterEach(() => arena.close());

  test.each(people.filter(({ids, exists}) => exists && ids !== 'single'))(
    '$name',
    async (person) => {
      const podman = new Podman(arena, person);
      await lay('/usr/share/containers/containers.conf', podman.env.CONTAINERS_CONF ?? '');
      const file = writeBlock(arena, 'Podman', 'containers.toml');
      if (person.uid === 0) await lay('/etc/containers/containers.conf', file);
      else {
        const own = join(podman.home.directory, '.config/containers');
        await podman.program(['mkdir', '-p', own]);
        copyFileSync(file, join(own, 'containers.conf'));
      }
      const within = podman.argv(['env', '-u', 'CONTAINERS_CONF']);
      const archive = join(arena.scratch, 'image.tar');
      await arena.run(['tar', '-C', arena.rootfs, '-cf', archive, '.']);
      const changes = `-c 'CMD ["sleep","60"]' -c 'ENV PATH=/bin'`;
      // Podman would build its own for pods.
      for (const name of ['docker.io/library/alpine:latest', image]) {
        await type(`podman import ${changes} ${archive} ${name}`, within, {});
      }
      expect(blockOf('Podman', 'toml')).toContain('[engine.runtimes]');
      await type(commandsOf('Podman'), within, {});
    },
  );

  /** Puts a file into a directory of the arena's that has its others from the host. */
  async function lay(path: string, file: string): Promise<void> {
    const directory = join(arena.scratch, path.replaceAll('/', '_'));
    mkdirSync(directory);
    copyFileSync(file, join(directory, 'containers.conf'));
    const options = `lowerdir=${directory}:${dirname(path)}`;
    await arena.run(['mount', '-t', 'overlay', 'overlay', '-o', options, dirname(path)]);
  }
});
