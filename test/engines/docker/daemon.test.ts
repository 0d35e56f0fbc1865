import {describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {runtime, useDocker} from '../harness/docker.ts';
import {runtimeName} from '../harness/runtime.ts';

const docker = useDocker(['--live-restore']);

describe.runIf(isRoot)('only root: dockerd', () => {
  it('knows the runtime, and its version', async ({expect}) => {
    expect(await docker().succeed(['info', '--format', '{{.DefaultRuntime}}'])).toBe(runtime);
    const version = await docker().succeed(['info', '--format', '{{json .RuncCommit}}']);
    expect(JSON.parse(version).ID, `of ${runtimeName}`).not.toBe('N/A');
  });

  it('finds its containers again after a restart, as they are', async ({expect}) => {
    const running = await docker().detach(
      [],
      ['sh', '-c', 'trap "exit 5" TERM; while :; do sleep 0.1; done'],
    );
    const ends = await docker().detach([], ['sleep', '1']);
    const pid = await docker().inspect(running, '{{.State.Pid}}');
    await docker().restart();
    expect(await docker().inspect(running, '{{.State.Status}} {{.State.Pid}}')).toBe(
      `running ${pid}`,
    );
    expect(await docker().succeed(['wait', ends])).toBe('0');
    expect(await docker().succeed(['exec', running, 'echo', 'again'])).toBe('again');
    await docker().succeed(['stop', running]);
    expect(await docker().inspect(running, '{{.State.ExitCode}}')).toBe('5');
    await docker().remove(running, ends);
  });
});
