import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describePodman, image} from '../harness/podman.ts';

const infra = ['--network', 'none'];

describePodman('pods of Podman', (podman, {rootless}) => {
  test.concurrent('containers of a pod share what its infra container holds', async () => {
    await using pod = podman().removed(podman().name(), 'pod');
    await podman().succeed([
      'pod',
      'create',
      '--name',
      pod.name,
      '--hostname',
      'together',
      ...infra,
    ]);
    const words = ['sh', '-c', 'cd /proc/self/ns; readlink net; readlink ipc; readlink uts'];
    const first = await podman().output(['--pod', pod.name], words);
    expect(await podman().output(['--pod', pod.name], words)).toBe(first);
    expect(await podman().output(['--pod', pod.name], ['hostname'])).toBe('together');
  });

  test.concurrent('are stopped, started and removed with all that is in them', async () => {
    await using pod = podman().removed(podman().name(), 'pod');
    await podman().succeed(['pod', 'create', '--name', pod.name, ...infra]);
    await podman().succeed(['run', '-d', '--pod', pod.name, image, 'sleep', '60']);
    const state = () => podman().succeed(['pod', 'inspect', '--format', '{{.State}}', pod.name]);
    expect(await state()).toBe('Running');
    await podman().succeed(['pod', 'stop', '-t', '0', pod.name]);
    expect(await state()).toBe('Exited');
    await podman().succeed(['pod', 'start', pod.name]);
    expect(await state()).toBe('Running');
    expect(await podman().succeed(['pod', 'top', pod.name, 'args'])).toContain('sleep 60');
  });

  test.concurrent('have no infra container if none is wanted', async () => {
    await using pod = podman().removed(podman().name(), 'pod');
    await podman().succeed(['pod', 'create', '--name', pod.name, '--infra=false']);
    expect(await podman().output(['--pod', pod.name], ['echo', 'ran'])).toBe('ran');
  });

  test.concurrent('share a pid namespace where it is asked for', async () => {
    await using pod = podman().removed(podman().name(), 'pod');
    const share = ['--share', 'pid,net,ipc,uts'];
    await podman().succeed(['pod', 'create', '--name', pod.name, ...share, ...infra]);
    expect(await podman().output(['--pod', pod.name], ['ps'])).toContain('sleep 1000');
  });

  test.concurrent('share a user namespace, and what belongs to it', async () => {
    await using pod = podman().removed(podman().name(), 'pod');
    const user = rootless
      ? ['--userns', 'keep-id']
      : ['--uidmap', '0:200000:3000', '--gidmap', '0:200000:3000'];
    await podman().succeed(['pod', 'create', '--name', pod.name, ...user, ...infra]);
    const words = ['sh', '-c', 'cd /proc/self/ns; readlink user; readlink net; id -u; tty'];
    const first = await podman().output(['--pod', pod.name, '-t'], words);
    expect(first.split('\r\n').slice(2)).toEqual([
      rootless ? String(podman().home.person.uid) : '0',
      '/dev/pts/0',
    ]);
    expect(await podman().output(['--pod', pod.name, '-t'], words)).toBe(first);
  });

  test.concurrent('are made by play kube', async () => {
    const name = podman().name();
    const file = join(podman().home.work, `${name}.yaml`);
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {name},
        spec: {
          restartPolicy: 'Never',
          initContainers: [
            {
              name: 'before',
              image,
              command: ['sh', '-c', 'echo first >/shared/file'],
              volumeMounts: [{name: 'shared', mountPath: '/shared'}],
            },
          ],
          containers: [
            {
              name: 'main',
              image,
              command: ['sh', '-c', 'cat /shared/file; echo "$A"; id -u; sleep 60'],
              env: [{name: 'A', value: 'b'}],
              securityContext: {runAsUser: 1000, readOnlyRootFilesystem: true},
              volumeMounts: [{name: 'shared', mountPath: '/shared'}],
            },
          ],
          volumes: [{name: 'shared', emptyDir: {}}],
        },
      }),
    );
    const flags = ['--network', 'none', '--log-driver', 'k8s-file'];
    try {
      await podman().succeed(['play', 'kube', ...flags, file]);
      await podman().until(`${name}-main`, '{{.State.Status}}', /running/);
      await podman().succeed(['exec', `${name}-main`, 'true']);
      expect(await podman().succeed(['logs', `${name}-main`])).toBe('first\nb\n1000');
    } finally {
      await podman().do(['play', 'kube', '--down', file], {timeoutMs: 60_000});
      await podman().do(['volume', 'prune', '-f']);
    }
  });
});
