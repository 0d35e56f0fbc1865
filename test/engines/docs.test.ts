import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {importImage, startDockerd} from '../arena/dockerd.mjs';
import {isRoot} from '../e2e/harness/people.ts';
import {EngineArena} from './harness/arena.ts';
import {start} from './harness/command.ts';
import {blockOf, commandsOf, installAsDocumented, type, writeBlock} from './harness/document.ts';
import {makeImageArchive} from './harness/image.ts';

// docs/engines.md, followed word by word.

describe.runIf(isRoot)('only root: the document on engines', () => {
  let arena: EngineArena;

  beforeEach(async () => {
    arena = await EngineArena.open();
    await installAsDocumented(arena);
  });

  afterEach(() => arena.close());

  it('the runtime is found where the document looks for it', async () => {
    expect(await arena.run(['/usr/local/bin/minicontainer-oci', '--version'])).toContain('version');
  });

  it('docker and its swarm', async () => {
    const file = join(arena.scratch, 'daemon.json');
    writeFileSync(file, '{}');
    const {host, stop} = await startDockerd({
      directory: join(arena.scratch, 'docker'),
      cgroupParent: `/${arena.cgroup}/docker`,
      flags: ['--config-file', file],
      within: arena.within,
      env: arena.env,
    });
    const configuration = JSON.parse(blockOf('Docker', 'json'));
    expect(Object.keys(configuration)).toEqual(['runtimes']);
    // As the text below says, for the swarm.
    writeFileSync(file, JSON.stringify({...configuration, 'default-runtime': 'minicontainer'}));
    // What `systemctl reload docker` does.
    await arena.run(['sh', '-c', `kill -HUP $(cat ${arena.scratch}/docker/pid)`]);
    await importImage(host, arena.rootfs, 'alpine', arena.env);
    await type(commandsOf('Docker'), [], {...arena.env, DOCKER_HOST: host});
    await stop();
  });

  it('containerd, by ctr and for a kubelet', async () => {
    const directory = join(arena.scratch, 'containerd');
    mkdirSync(directory);
    const file = writeBlock(arena, 'Kubernetes', 'config.toml');
    const handler = /^handler: (.*)$/m.exec(blockOf('Kubernetes', 'yaml'))?.[1];
    expect(readFileSync(file, 'utf8')).toContain(`.containerd.runtimes.${handler}]`);
    const address = join(directory, 'socket');
    const places = ['--address', address, '--root', join(directory, 'root'), '--state', directory];
    const env = {...arena.env, CONTAINERD_ADDRESS: address};
    start([...arena.within, 'containerd', '--config', file, ...places], {env, timeoutMs: 100_000});
    const archive = await makeImageArchive(join(arena.scratch, 'image'), {
      rootfs: arena.rootfs,
      name: 'docker.io/library/alpine:latest',
      command: ['sh'],
    });
    const ready = 'until ctr version; do sleep 0.1; done';
    await type(`${ready}\nctr images import ${archive}\n`, arena.within, env);
    await type('ctr plugins list | grep -E "cri +linux/amd64 +ok"', arena.within, env);
    // By itself it would make one at the top of the host's.
    const cgroup = `ctr run --cgroup /${arena.cgroup}/containerd`;
    await type(commandsOf('containerd').replace('ctr run', cgroup), arena.within, env);
  });
});
