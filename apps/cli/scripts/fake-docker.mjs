import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/**
 * The real `docker` client against a daemon that is not one: it answers on a socket of its own.
 *
 * @param {(path: string, body: string) => unknown} answer what it has for a request, as JSON
 * @returns {Promise<{run(argv: readonly string[]): Promise<{stdout: string, error?: string}>, close(): void}>}
 */
export async function fakeDocker(answer) {
  const folder = mkdtempSync(join(tmpdir(), 'fake-docker-'));
  const socket = join(folder, 'docker.sock');
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.setHeader('Api-Version', '1.49');
      response.setHeader('Content-Type', 'application/json');
      const path = (request.url ?? '').replace(/^\/v[\d.]+/, '');
      response.end(path === '/_ping' ? 'OK' : JSON.stringify(answer(path, body) ?? {}));
    });
  });
  await new Promise((resolve) => server.listen(socket, () => resolve(undefined)));
  const env = {PATH: process.env.PATH, HOME: folder, DOCKER_CONFIG: folder, TZ: 'UTC'};
  return {
    run: (argv) =>
      new Promise((resolve) => {
        execFile('docker', ['-H', `unix://${socket}`, ...argv], {env}, (error, stdout, stderr) => {
          resolve(error ? {stdout, error: stderr.trim()} : {stdout});
        });
      }),
    close: () => {
      server.close();
      rmSync(folder, {recursive: true});
    },
  };
}
