import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {afterEach} from 'vitest';

const started = new Set<ChildProcess>();

/** Runs a line of sh in cgroups, once it is in all of them. */
export async function startIn(directories: readonly string[], line: string): Promise<ChildProcess> {
  const enter = directories.map((directory) => `echo $$ > ${directory}/cgroup.procs`).join(' && ');
  const child = spawn('sh', ['-c', `${enter} && echo in && ${line}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.add(child);
  await once(child.stdout, 'data');
  return child;
}

export async function ended(child: ChildProcess): Promise<NodeJS.Signals | number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.signalCode ?? child.exitCode;
}

afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});
