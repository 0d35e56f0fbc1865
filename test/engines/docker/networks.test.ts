import {afterAll, beforeAll, describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {useDocker} from '../harness/docker.ts';

const docker = useDocker();
const network = 'between';
let server = '';

beforeAll(async () => {
  await docker().succeed(['network', 'create', network]);
  const script = 'while :; do echo hello | nc -l -p 80; done';
  server = await docker().succeed([
    ...['run', '--detach', '--name', 'server', '--network', network, '--publish', '8080:80'],
    ...['small', 'sh', '-c', script],
  ]);
});

afterAll(async () => {
  await docker().remove(server);
  await docker().succeed(['network', 'rm', network]);
});

const run = (flags: readonly string[], command: readonly string[]) =>
  docker().do(['run', '--rm', '--network', network, ...flags, 'small', ...command]);

describe.runIf(isRoot)('only root: a network of docker', {concurrent: true}, () => {
  it('has an interface in each container', async ({expect}) => {
    const {stdout} = await run([], ['ip', 'addr']);
    expect(stdout).toMatch(/eth0@.*<.*UP.*>/);
    expect(stdout).toMatch(/inet 172\.\d+\.0\.\d+\/16/);
  });

  it('has an address and a hardware address that are said', async ({expect}) => {
    const mac = '02:42:ac:11:00:99';
    expect((await run(['--mac-address', mac], ['ip', 'link'])).stdout).toContain(mac);
  });

  it('reaches another container by its name', async ({expect}) => {
    expect(await run([], ['nc', 'server', '80'])).toMatchObject({status: 0, stdout: 'hello\n'});
  });

  it('publishes a port to where the daemon is', async ({expect}) => {
    expect(await docker().arena.run(['busybox', 'nc', '127.0.0.1', '8080'])).toBe('hello');
  });

  it('knows the hosts that are said', async ({expect}) => {
    const {stdout} = await run(['--add-host', 'far:10.9.8.7'], ['cat', '/etc/hosts']);
    expect(stdout).toContain('10.9.8.7\tfar');
  });

  it('can be joined and left by a container that runs', async ({expect}) => {
    const id = await docker().detach([], ['sleep', '60']);
    const addresses = () => docker().succeed(['exec', id, 'ip', 'addr']);
    await docker().succeed(['network', 'disconnect', 'none', id]);
    await docker().succeed(['network', 'connect', network, id]);
    expect(await addresses()).toContain('eth0');
    await docker().succeed(['network', 'disconnect', network, id]);
    expect(await addresses()).not.toContain('eth0');
    await docker().remove(id);
  });
});
