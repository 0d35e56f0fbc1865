import {beforeAll, describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {runtime, useDocker} from '../harness/docker.ts';

const docker = useDocker();

beforeAll(async () => {
  await docker().succeed(['swarm', 'init', '--advertise-addr', '127.0.0.1']);
});

const replicas = (service: string) =>
  docker().succeed(['service', 'ls', '--filter', `name=${service}`, '--format', '{{.Replicas}}']);

describe.runIf(isRoot)('only root: a swarm of one node', () => {
  it('runs a service, more of it, its logs, and ends it', async ({expect}) => {
    const name = 'counted';
    await docker().succeed([
      ...['service', 'create', '--detach', '--name', name, '--limit-memory', '32m'],
      ...[
        '--replicas',
        '1',
        'small',
        'sh',
        '-c',
        'echo works; trap "exit 0" TERM; while :; do sleep 0.1; done',
      ],
    ]);
    const patience = {timeout: 30_000, interval: 200};
    await expect.poll(() => replicas(name), patience).toBe('1/1');
    await docker().succeed(['service', 'scale', '--detach', `${name}=2`]);
    await expect.poll(() => replicas(name), patience).toBe('2/2');
    await expect
      .poll(() => docker().succeed(['service', 'logs', '--raw', name]), patience)
      .toBe('works\nworks');

    const [first = ''] = (await docker().succeed(['ps', '--quiet'])).split('\n');
    expect(await docker().inspect(first, '{{.HostConfig.Runtime}}')).toBe(runtime);
    await docker().succeed(['kill', first]);
    await expect.poll(() => docker().succeed(['ps', '--quiet']), patience).not.toContain(first);
    await expect.poll(() => replicas(name), patience).toBe('2/2');

    await docker().succeed(['service', 'rm', name]);
    await expect.poll(() => docker().succeed(['ps', '--all', '--quiet']), patience).toBe('');
    await docker().succeed(['swarm', 'leave', '--force']);
  });
});
