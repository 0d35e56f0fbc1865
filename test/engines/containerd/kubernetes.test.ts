import {afterAll, beforeAll, describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {image, useContainerd} from '../harness/containerd.ts';
import {RuntimeService} from '../harness/cri.ts';
import type {Fields} from '../harness/protobuf.ts';

/** The name of the runtime in containerd's configuration, and so the handler of a RuntimeClass. */
const handler = 'minicontainer';

const containerd = useContainerd({handler});
let service: RuntimeService;

beforeAll(() => {
  service = new RuntimeService(containerd().address);
});

afterAll(() => service.close());

/** In the network of the node, since there is no network plugin here. */
function sandbox(name: string): Fields {
  const node = 2;
  return [
    [
      1,
      [
        [1, name],
        [2, `uid-${name}`],
        [3, 'default'],
      ],
    ],
    [
      8,
      [
        [1, `/${containerd().arena.cgroup}/containerd`],
        [2, [[1, [[1, node]]]]],
      ],
    ],
  ];
}

async function runPod(name: string): Promise<string> {
  return (
    await service.call('RunPodSandbox', [
      [1, sandbox(name)],
      [2, handler],
    ])
  ).text(1);
}

/** A container of a pod, started; its id. */
async function startContainer(
  pod: string,
  name: string,
  command: readonly string[],
  more: Fields = [],
): Promise<string> {
  const config: Fields = [
    [1, [[1, name]]],
    [2, [[1, image]]],
    ...command.map((word): readonly [number, string] => [3, word]),
    ...more,
  ];
  const made = await service.call('CreateContainer', [
    [1, pod],
    [2, config],
    [3, sandbox(name)],
  ]);
  await service.call('StartContainer', [[1, made.text(1)]]);
  return made.text(1);
}

const running = 1;
const exited = 2;

async function statusOf(container: string): Promise<{state: number; exitCode: number}> {
  const status = (await service.call('ContainerStatus', [[1, container]])).message(1);
  return {state: status.number(3), exitCode: status.number(7)};
}

async function removePod(pod: string): Promise<void> {
  await service.call('StopPodSandbox', [[1, pod]]);
  await service.call('RemovePodSandbox', [[1, pod]]);
}

describe.runIf(isRoot)('only root: a pod of Kubernetes, by its RuntimeClass', () => {
  it('has a container that runs, takes commands, is limited and stopped', async ({expect}) => {
    const pod = await runPod('served');
    const script = 'trap "exit 7" TERM; while :; do sleep 0.1; done';
    const limits: Fields = [[1, [[4, 64 * 1024 * 1024]]]];
    const container = await startContainer(pod, 'server', ['sh', '-c', script], [[15, limits]]);
    expect(await statusOf(container)).toEqual({state: running, exitCode: 0});

    const words = ['sh', '-c', 'echo inside; exit 3'].map((word): [number, string] => [2, word]);
    const result = await service.call('ExecSync', [[1, container], ...words, [3, 10]]);
    expect([result.text(1), result.number(3)]).toEqual(['inside\n', 3]);

    const bytes = 96 * 1024 * 1024;
    await service.call('UpdateContainerResources', [
      [1, container],
      [2, [[4, bytes]]],
    ]);
    const file = '/sys/fs/cgroup/memory/memory.limit_in_bytes';
    const limit = await service.call('ExecSync', [
      [1, container],
      [2, 'cat'],
      [2, file],
      [3, 10],
    ]);
    expect(Number(limit.text(1))).toBe(bytes);

    await service.call('StopContainer', [
      [1, container],
      [2, 10],
    ]);
    expect(await statusOf(container)).toEqual({state: exited, exitCode: 7});
    await removePod(pod);
  });

  it('shares its ipc and its host name among its containers', async ({expect}) => {
    const pod = await runPod('shared');
    const first = await startContainer(pod, 'first', ['sleep', '60']);
    const second = await startContainer(pod, 'second', ['sleep', '60']);
    const inside = async (container: string, ...words: string[]) => {
      const command = words.map((word): [number, string] => [2, word]);
      return (await service.call('ExecSync', [[1, container], ...command, [3, 10]])).text(1);
    };
    await inside(first, 'sh', '-c', 'echo shared > /dev/shm/file');
    expect(await inside(second, 'cat', '/dev/shm/file')).toBe('shared\n');
    expect(await inside(first, 'readlink', '/proc/self/ns/ipc')).toBe(
      await inside(second, 'readlink', '/proc/self/ns/ipc'),
    );
    expect(await inside(first, 'readlink', '/proc/self/ns/mnt')).not.toBe(
      await inside(second, 'readlink', '/proc/self/ns/mnt'),
    );
    await removePod(pod);
  });

  it('confines a container as its security context says', async ({expect}) => {
    const pod = await runPod('confined');
    const context: Fields = [
      [1, [[2, 'ALL']]],
      [5, [[1, 1000]]],
      [7, 1],
      [8, 3000],
      [11, 1],
      [12, [[1, 1001]]],
      [15, [[1, 0]]],
    ];
    const container = await startContainer(pod, 'user', ['sleep', '60'], [[15, [[2, context]]]]);
    const script = 'id -u; id -G; grep -E "CapBnd|NoNewPrivs|Seccomp:" /proc/self/status; touch /f';
    const words = ['sh', '-c', script].map((word): [number, string] => [2, word]);
    const result = await service.call('ExecSync', [[1, container], ...words, [3, 10]]);
    expect(result.text(1)).toBe(
      '1000\n1001 2000 3000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n',
    );
    expect(result.text(2)).toContain('Read-only file system');
    await removePod(pod);
  });

  it('tells that a command is missing', async ({expect}) => {
    const pod = await runPod('missing');
    await expect(startContainer(pod, 'none', ['no-such-command'])).rejects.toThrow(
      '"no-such-command": executable file not found in $PATH',
    );
    await removePod(pod);
  });
});
