// Records what the real `docker` client prints for templates, against a daemon that is not one: it
// answers on a socket of its own with images that are written down.
//   node scripts/record-templates.mjs      rewrites src/template/docker-templates.json in place
import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const folder = join(import.meta.dirname, '../src/template');
const image = JSON.parse(readFileSync(join(folder, 'docker-image.json'), 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'docker-templates-'));
const socket = join(scratch, 'docker.sock');

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('Api-Version', '1.49');
  response.setHeader('Content-Type', 'application/json');
  const isImage = /\/images\/[^/]+\/json/.test(request.url ?? '');
  response.end(isImage ? JSON.stringify(image) : request.url?.endsWith('/_ping') ? 'OK' : '{}');
});
await new Promise((resolve) => server.listen(socket, resolve));

function record(format) {
  return new Promise((resolve) => {
    const env = {PATH: process.env.PATH, HOME: scratch, DOCKER_CONFIG: scratch};
    const args = ['-H', `unix://${socket}`, 'image', 'inspect', '--format', format, 'debian:12'];
    execFile('docker', args, {env}, (error, stdout, stderr) => {
      resolve(error ? {format, error: stderr.trim()} : {format, stdout});
    });
  });
}

const table = join(folder, 'docker-templates.json');
const lines = [];
for (const {format} of JSON.parse(readFileSync(table, 'utf8'))) lines.push(await record(format));
writeFileSync(table, `[\n${lines.map((line) => `  ${JSON.stringify(line)}`).join(',\n')}\n]\n`);
server.close();
rmSync(scratch, {recursive: true});
