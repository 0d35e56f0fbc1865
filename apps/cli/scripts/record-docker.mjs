// Records what the real `docker` client makes of command lines, against a daemon that is not one:
// it answers on a socket of its own and writes down what it is asked to create.
//   node scripts/record-docker.mjs      rewrites src/argv/docker-{lines,limits}.json in place
import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const tables = join(import.meta.dirname, '../src/argv');
const folder = mkdtempSync(join(tmpdir(), 'docker-lines-'));
const socket = join(folder, 'docker.sock');

let asked;
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    response.setHeader('Api-Version', '1.49');
    response.setHeader('Content-Type', 'application/json');
    if (request.url?.includes('/containers/create')) {
      const {searchParams} = new URL(request.url, 'http://docker');
      asked = {...JSON.parse(body), Platform: searchParams.get('platform')};
      response.statusCode = 201;
      response.end('{"Id":"recorded","Warnings":[]}');
    } else {
      response.end(request.url?.endsWith('/_ping') ? 'OK' : '{}');
    }
  });
});
await new Promise((resolve) => server.listen(socket, resolve));

/** The parts of a create request that come from the flags under test, where they are not at rest. */
function wanted({
  Image,
  Cmd,
  Entrypoint,
  Env,
  Tty,
  OpenStdin,
  User,
  WorkingDir,
  Hostname,
  Platform,
  ...rest
}) {
  const {AutoRemove, Binds, ReadonlyRootfs, Init, NetworkMode, CapAdd, CapDrop, Privileged, Tmpfs} =
    rest.HostConfig;
  const all = {
    positionals: [Image, ...(Cmd ?? [])],
    env: Env?.length ? Env : undefined,
    tty: Tty || undefined,
    interactive: OpenStdin || undefined,
    user: User || undefined,
    workdir: WorkingDir || undefined,
    hostname: Hostname || undefined,
    entrypoint: Entrypoint?.[0] || undefined,
    platform: Platform || undefined,
    rm: AutoRemove || undefined,
    readOnly: ReadonlyRootfs || undefined,
    init: Init || undefined,
    privileged: Privileged || undefined,
    network: NetworkMode === 'default' ? undefined : NetworkMode,
    volume: Binds?.length ? Binds : undefined,
    capAdd: CapAdd ?? undefined,
    capDrop: CapDrop ?? undefined,
    tmpfs: Tmpfs && Object.keys(Tmpfs).length ? Object.keys(Tmpfs) : undefined,
  };
  return JSON.parse(JSON.stringify(all));
}

/** What limits the container, where it is not at rest. */
function limits({HostConfig}) {
  const names = [
    ...['Memory', 'MemorySwap', 'MemoryReservation', 'MemorySwappiness', 'OomKillDisable'],
    ...[
      'NanoCpus',
      'CpuShares',
      'CpuQuota',
      'CpuPeriod',
      'CpuRealtimeRuntime',
      'CpuRealtimePeriod',
    ],
    ...['CpusetCpus', 'CpusetMems', 'PidsLimit', 'BlkioWeight', 'BlkioWeightDevice'],
    ...['BlkioDeviceReadBps', 'BlkioDeviceWriteBps', 'BlkioDeviceReadIOps', 'BlkioDeviceWriteIOps'],
    ...['ShmSize', 'OomScoreAdj', 'Ulimits', 'CgroupParent', 'CgroupnsMode'],
  ];
  const atRest = (name, value) =>
    name === 'MemorySwappiness' ? value === -1 : !value || value.length === 0;
  return Object.fromEntries(
    names.flatMap((name) =>
      atRest(name, HostConfig[name] ?? 0) ? [] : [[name, HostConfig[name]]],
    ),
  );
}

function record(argv, part) {
  asked = undefined;
  return new Promise((resolve) => {
    const env = {PATH: process.env.PATH, HOME: folder, DOCKER_CONFIG: folder};
    const args = ['-H', `unix://${socket}`, 'create', ...argv];
    execFile('docker', args, {env}, (_error, _stdout, stderr) => {
      resolve(asked ? {argv, docker: part(asked)} : {argv, error: stderr.split('\n')[0]});
    });
  });
}

for (const [name, part] of [
  ['docker-lines.json', wanted],
  ['docker-limits.json', limits],
]) {
  const table = join(tables, name);
  const lines = [];
  for (const {argv} of JSON.parse(readFileSync(table, 'utf8')))
    lines.push(await record(argv, part));
  writeFileSync(table, `[\n${lines.map((line) => `  ${JSON.stringify(line)}`).join(',\n')}\n]\n`);
}
server.close();
rmSync(folder, {recursive: true});
