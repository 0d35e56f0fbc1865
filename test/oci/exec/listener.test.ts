import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {TestContainer} from './container.ts';

const program = join(import.meta.dirname, '../../e2e/isolation/filters/listener.py');

/** Answers at a socket, for one process. */
async function listen(path: string) {
  rmSync(path, {force: true});
  const agent = spawn('python3', [program, path, '122'], {stdio: ['ignore', 'pipe', 'inherit']});
  await once(agent.stdout, 'data');
  return {agent, said: text(agent.stdout)};
}

describeRoot('the filter of a container', () => {
  test.each([false, true])(
    'notifies of what a process does that joins it, no_new_privs: %s',
    async (noNewPrivileges) => {
      const directory = mkdtempSync(join(tmpdir(), 'minicontainer-listener-'));
      const listenerPath = join(directory, 'agent.sock');
      const first = await listen(listenerPath);
      using container = new TestContainer({
        change: (spec) => ({
          ...spec,
          process: {...{args: [], cwd: '/', ...spec.process}, noNewPrivileges},
          linux: {
            ...spec.linux,
            seccomp: {
              ...{defaultAction: 'SCMP_ACT_ALLOW', listenerPath},
              syscalls: [{names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_NOTIFY'}],
            },
          },
        }),
      });
      const {agent, said} = await listen(listenerPath);
      const {status, stderr} = container.exec(['mkdir', '/made']);
      expect([status, stderr]).toEqual([1, expect.stringContaining('Disk quota exceeded')]);
      const [told = '{}', call] = (await said).trimStart().split('\n');
      const {state} = JSON.parse(told);
      expect(state.state).toMatchObject({id: container.id, status: 'running', pid: container.pid});
      expect(state.pid).not.toBe(container.pid);
      expect(call).toBe('mkdir /made');
      for (const each of [first.agent, agent]) each.kill('SIGKILL');
      rmSync(directory, {recursive: true});
    },
  );
});
