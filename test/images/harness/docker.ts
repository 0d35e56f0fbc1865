import {execFile} from 'node:child_process';
import {promisify} from 'node:util';

const execute = promisify(execFile);

/** What a dockerd keeps and runs ends with its namespaces. */
const namespaces = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];

/**
 * Runs a script beside a dockerd of its own, with no network and nothing of the host's: `docker` in it is the
 * client.
 *
 * @param directory for all that it keeps
 * @param words `$1` and on
 */
export async function withDocker(
  directory: string,
  script: string,
  words: readonly string[],
): Promise<string> {
  const daemon = [
    'set -eu',
    'mount -t tmpfs tmpfs /run',
    'export DOCKER_HOST=unix:///run/docker.sock TMPDIR=/run',
    'dockerd --data-root "$directory/data" --exec-root /run/docker --pidfile /run/docker.pid \\',
    '  --host "$DOCKER_HOST" --bridge=none --iptables=false --ip6tables=false \\',
    '  >"$directory/log" 2>&1 </dev/null &',
    'for _ in $(seq 200); do docker info >/dev/null 2>&1 && break; sleep 0.1; done',
    script,
  ].join('\n');
  const {stdout} = await execute(
    'unshare',
    [...namespaces, '--', 'bash', '-c', daemon, 'bash', ...words],
    {maxBuffer: 1 << 28, timeout: 60_000, env: {PATH: process.env.PATH, directory}},
  );
  return stdout;
}
