import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {publishedPackages} from '../workspace/packages.ts';
import {openTarball} from '../workspace/tarball.ts';
import {Consumer} from './consumer.ts';
import {Registry} from './registry.ts';
import {type Release, release} from './release.ts';

const maxPackages = 8;
const maxPackedBytes = 3_000_000;
const pnpm = 'npx -y pnpm@10.34.9';

let registry: Registry;
let released: Release;
let consumer: Consumer;

beforeAll(async () => {
  registry = await Registry.start();
  released = release(registry.url);
  consumer = new Consumer(registry.url);
});

afterAll(async () => {
  consumer?.remove();
  released?.remove();
  await registry?.stop();
});

test('every package that is not private is published, under one version, with a changelog', () => {
  expect(released.names).toEqual(
    publishedPackages()
      .map(({manifest}) => manifest.name)
      .sort(),
  );
  expect(released.changelog('apps/cli')).toContain(`## ${released.version}`);
});

test('nsexec keeps its execute bit in the tarball, which names its platform', () => {
  const tarball = openTarball(
    registry.published('@minicontainer/nsexec-linux-x64', released.version),
  );
  const nsexec = tarball.entries.find(({path}) => path === 'bin/nsexec');
  expect(nsexec?.mode).toBe('-rwxr-xr-x');
  expect(JSON.parse(tarball.read('package.json'))).toMatchObject({os: ['linux'], cpu: ['x64']});
});

test('npx runs a command in a container, from an empty directory and an empty cache', () => {
  const {status, stdout, stderr} = consumer.run(
    'empty',
    `npx -y @minicontainer/cli run /bin/bash -c 'id -u; hostname; ps -e -o pid=,comm='`,
  );
  expect({status, stderr}).toMatchObject({status: 0});
  const [uid, name, ...processes] = stdout.trim().split('\n');
  expect(uid).toBe('0');
  expect(name).not.toBe(hostname());
  const commands = processes.map((line) => line.trim().split(/\s+/));
  expect(commands[0]?.[0]).toBe('1');
  expect(commands.every(([, command = '']) => ['bash', 'ps'].includes(command))).toBe(true);
});

test('npx gives a shell a terminal, Ctrl-C its command alone, and leaves no process', () => {
  const session = `
    set timeout 60
    proc see {pattern} { expect -re $pattern {} timeout {exit 99} eof {exit 98} }
    spawn npx -y @minicontainer/cli run /bin/bash --norc
    see {bash-[0-9.]+# $}
    send "tty; echo waiting; sleep 100\\r"
    see {/dev/pts/0\\s+waiting}
    after 200
    send "\\003"
    see {bash-[0-9.]+# $}
    send "exit 7\\r"
    expect eof
    exit [lindex [wait] 3]
  `;
  expect(consumer.run('empty', `expect <<'END'\n${session}\nEND`)).toMatchObject({status: 7});
  const {stdout} = spawnSync('ps', ['-e', '-o', 'args='], {encoding: 'utf8'});
  expect(stdout).not.toContain(consumer.home);
});

test('what npx put on disk has an nsexec that can be executed, and is few packages and small', () => {
  const [hash = ''] = readdirSync(join(consumer.home, 'npm-cache', '_npx'));
  const modules = join(consumer.home, 'npm-cache', '_npx', hash, 'node_modules');
  const nsexec = join(modules, '@minicontainer/nsexec-linux-x64/bin/nsexec');
  expect(statSync(nsexec).mode & 0o777).toBe(0o755);

  const lock: {packages: Record<string, {resolved?: string}>} = JSON.parse(
    readFileSync(join(modules, '.package-lock.json'), 'utf8'),
  );
  const resolved = Object.values(lock.packages).flatMap((entry) => entry.resolved ?? []);
  expect(resolved.length).toBeLessThanOrEqual(maxPackages);
  const bytes = resolved.reduce((sum, url) => sum + statSync(registry.tarball(url)).size, 0);
  expect(bytes).toBeLessThanOrEqual(maxPackedBytes);
});

test('npm install -g gives a command, with the exit code of what it runs', () => {
  expect(consumer.run('global', 'npm install -g @minicontainer/cli')).toMatchObject({status: 0});
  expect(consumer.run('empty', 'minicontainer --version')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(released.version),
  });
  expect(consumer.run('empty', `minicontainer run /bin/bash -c 'exit 7'`)).toMatchObject({
    status: 7,
    stderr: '',
  });
});

test('the installed command imports an image, lists it, runs it and removes it', () => {
  const made = consumer.run(
    'image',
    `mkdir -p root/bin && cp /bin/busybox root/bin/sh && tar -C root -c . | minicontainer import - box:1`,
  );
  expect(made).toEqual({status: 0, stdout: expect.stringMatching(/[0-9a-f]{64}\n$/), stderr: ''});
  expect(consumer.run('image', 'minicontainer images')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^REPOSITORY .*\nbox +1 /),
  });
  expect(consumer.run('image', `minicontainer run -q box:1 /bin/sh -c 'echo hi; exit 7'`)).toEqual({
    ...{status: 7, stdout: 'hi\n', stderr: ''},
  });
  expect(consumer.run('image', 'minicontainer rmi box:1')).toMatchObject({status: 0, stderr: ''});
});

test('npm install -g gives the OCI runtime, which starts its containers', () => {
  expect(consumer.run('global', 'npm install -g @minicontainer/oci')).toMatchObject({status: 0});
  const config = JSON.stringify({
    ociVersion: '1.2.0',
    root: {path: 'rootfs', readonly: true},
    process: {args: ['/bin/echo', 'hello'], cwd: '/'},
    linux: {
      namespaces: ['mount', 'pid', 'user'].map((type) => ({type})),
      uidMappings: [{containerID: 0, hostID: consumer.uid, size: 1}],
      gidMappings: [{containerID: 0, hostID: consumer.gid, size: 1}],
    },
  });
  const made = consumer.run(
    'bundle',
    `mkdir -p rootfs/bin && cp /bin/busybox rootfs/bin/echo && printf '%s' '${config}' > config.json`,
  );
  expect(made).toMatchObject({status: 0});
  expect(consumer.run('bundle', 'minicontainer-oci --root "$PWD/state" run one')).toEqual({
    ...{status: 0, stdout: 'hello\n', stderr: ''},
  });
  expect(consumer.run('bundle', 'minicontainer-oci --root "$PWD/state" state one')).toEqual({
    ...{status: 1, stdout: ''},
    stderr: 'minicontainer-oci: container "one" does not exist\n',
  });
});

test('pnpm add brings an engine that a program can import', () => {
  const program = `
    import {run} from '@minicontainer/engine';
    const {exitCode, stdout} = await run({source: {kind: 'host'}, command: ['/bin/echo', 'hi']});
    console.log(exitCode, String(stdout).trim());
  `;
  const added = consumer.run('program', `${pnpm} init && ${pnpm} add @minicontainer/engine`);
  expect(added).toMatchObject({status: 0});
  const {status, stdout, stderr} = consumer.run(
    'program',
    `cat > program.mjs <<'END'\n${program}\nEND\nnode program.mjs`,
  );
  expect({status, stdout, stderr}).toEqual({status: 0, stdout: '0 hi\n', stderr: ''});
});

test('pnpm dlx runs a command in a container, which reads what is piped into it', () => {
  const {status, stdout} = consumer.run(
    'empty',
    `echo hi | ${pnpm} dlx @minicontainer/cli run /bin/bash -c 'cat; echo $$'`,
  );
  expect({status, last: stdout.trim().split('\n').slice(-2)}).toEqual({
    status: 0,
    last: ['hi', '1'],
  });
});

test('without optional dependencies the error names the missing package and the cause', () => {
  const installed = consumer.run(
    'without-optional',
    'npm init -y && npm install --omit=optional @minicontainer/cli',
  );
  expect(installed).toMatchObject({status: 0});
  const {status, stdout, stderr} = consumer.run(
    'without-optional',
    'npx minicontainer run /bin/true',
  );
  expect({status, stdout}).toEqual({status: 125, stdout: ''});
  expect(stderr).toContain('@minicontainer/nsexec-linux-x64');
  expect(stderr).toContain('--omit=optional');
  expect(stderr).toMatch(/^minicontainer: .*\nhint: .*\n$/);
});
