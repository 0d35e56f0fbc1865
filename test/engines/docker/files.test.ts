import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {useDocker} from '../harness/docker.ts';

const docker = useDocker();

/** A directory of the host's for one test. */
function hostDirectory(name: string): string {
  const directory = join(docker().arena.scratch, name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'file'), 'of the host\n');
  return directory;
}

describe.runIf(isRoot)('only root: docker run, its files', {concurrent: true}, () => {
  it('cannot be written with --read-only, but for /dev/shm', async ({expect}) => {
    const {status, stderr, stdout} = await docker().run(
      ['--read-only'],
      ['sh', '-c', 'echo kept > /dev/shm/file && cat /dev/shm/file; touch /file'],
    );
    expect(stdout).toBe('kept\n');
    expect(stderr).toContain('Read-only file system');
    expect(status).toBe(1);
  });

  it('has an empty directory with --tmpfs, as big as is said', async ({expect}) => {
    const flags = ['--read-only', '--tmpfs', '/scratch:size=2m,mode=1750,exec'];
    const script =
      'df -k /scratch | tail -1; stat -c %a /scratch; touch /scratch/file; ls /scratch';
    const {stdout} = await docker().run(flags, ['sh', '-c', script]);
    expect(stdout).toMatch(/ 2048 .*\n1750\nfile\n$/);
  });

  it("shows a directory of the host's with --volume, and writes it", async ({expect}) => {
    const directory = hostDirectory('written');
    const script = 'cat /there/file; echo written > /there/new';
    const {stdout} = await docker().run(['--volume', `${directory}:/there`], ['sh', '-c', script]);
    expect(stdout).toBe('of the host\n');
    expect(readFileSync(join(directory, 'new'), 'utf8')).toBe('written\n');
  });

  it('shows it read-only with :ro', async ({expect}) => {
    const directory = hostDirectory('read');
    const {status, stderr} = await docker().run(
      ['--volume', `${directory}:/there:ro`],
      ['touch', '/there/new'],
    );
    expect(stderr).toContain('Read-only file system');
    expect(status).toBe(1);
  });

  it('shows a single file over one of the image', async ({expect}) => {
    const directory = hostDirectory('single');
    const {stdout} = await docker().run(
      ['--volume', `${join(directory, 'file')}:/etc/passwd:ro`],
      ['cat', '/etc/passwd'],
    );
    expect(stdout).toBe('of the host\n');
  });

  it('refuses a directory over a file, with a word on it', async ({expect}) => {
    const directory = hostDirectory('over-a-file');
    const {status, stderr} = await docker().run(['--volume', `${directory}:/etc/passwd`], ['true']);
    expect(stderr.toLowerCase()).toContain('not a directory');
    expect(status).not.toBe(0);
  });

  it('keeps a volume from one container to the next', async ({expect}) => {
    const flags = ['--volume', 'kept:/kept'];
    await docker().run(flags, ['sh', '-c', 'echo kept > /kept/file']);
    expect((await docker().run(flags, ['cat', '/kept/file'])).stdout).toBe('kept\n');
    await docker().succeed(['volume', 'rm', 'kept']);
  });

  it("lets mounts of the host's through with rslave, and keeps them with rprivate", async ({
    expect,
  }) => {
    const directory = hostDirectory('propagated');
    const within = (...words: string[]) => docker().arena.run(words);
    mkdirSync(join(directory, 'inner'));
    await within('mount', '--bind', directory, directory);
    await within('mount', '--make-shared', directory);
    const run = (how: string) =>
      docker().detach(['--volume', `${directory}:/there:${how}`], ['sleep', '60']);
    const [slave, alone] = [await run('rslave'), await run('rprivate')];
    await within('mount', '-t', 'tmpfs', 'tmpfs', join(directory, 'inner'));
    await within('touch', join(directory, 'inner/late'));
    expect(await docker().succeed(['exec', slave, 'ls', '/there/inner'])).toBe('late');
    expect(await docker().succeed(['exec', alone, 'ls', '/there/inner'])).toBe('');
    await docker().remove(slave, alone);
    await within('umount', join(directory, 'inner'));
    await within('umount', directory);
  });

  it('has the device that is said', async ({expect}) => {
    const flags = ['--device', '/dev/tty:/dev/other:r', '--device', '/dev/fuse'];
    const {stdout} = await docker().run(flags, ['stat', '-c', '%t:%T', '/dev/other', '/dev/fuse']);
    expect(stdout).toBe('5:0\na:e5\n');
  });

  it('makes and opens the devices that everybody has', async ({expect}) => {
    const script = 'mknod /made c 1 3 && echo lost > /made && cat /made';
    expect(await docker().run([], ['sh', '-c', script])).toMatchObject({status: 0, stdout: ''});
  });

  it('opens no device that is not its own', async ({expect}) => {
    const script = 'mknod /made c 1 1 && cat /made';
    const {status, stderr} = await docker().run(['--cap-add', 'MKNOD'], ['sh', '-c', script]);
    expect(stderr).toContain('Operation not permitted');
    expect(status).toBe(1);
  });

  it('writes a device that it may read alone no more than that', async ({expect}) => {
    const script = 'head -c1 /dev/other > /tmp/read && echo read; echo x > /dev/other';
    const {stdout, stderr} = await docker().run(
      ['--device', '/dev/fuse:/dev/other:r'],
      ['sh', '-c', script],
    );
    expect(stdout).toBe('');
    expect(stderr).toMatch(/Operation not permitted|Permission denied/);
  });

  it('copies files in and out, of a container that runs and of one that does not', async ({
    expect,
  }) => {
    const directory = hostDirectory('copied');
    const id = await docker().detach([], ['sleep', '60']);
    await docker().succeed(['cp', join(directory, 'file'), `${id}:/tmp/copied`]);
    expect(await docker().succeed(['exec', id, 'cat', '/tmp/copied'])).toBe('of the host');
    await docker().succeed(['kill', id]);
    await docker().succeed(['cp', `${id}:/tmp/copied`, join(directory, 'back')]);
    expect(readFileSync(join(directory, 'back'), 'utf8')).toBe('of the host\n');
    expect(await docker().succeed(['diff', id])).toContain('A /tmp/copied');
    await docker().remove(id);
  });

  it('has the volumes of another container with --volumes-from', async ({expect}) => {
    const id = await docker().detach(['--volume', '/shared'], ['sh', '-c', 'echo x > /shared/f']);
    await docker().succeed(['wait', id]);
    expect((await docker().run(['--volumes-from', id], ['cat', '/shared/f'])).stdout).toBe('x\n');
    await docker().remove(id);
  });

  it('opens a device by a rule of its own', async ({expect}) => {
    const flags = ['--device-cgroup-rule', 'c 1:11 rw', '--cap-add', 'MKNOD'];
    const script = 'mknod /made c 1 11 && echo -n "" > /made && echo opened';
    expect((await docker().run(flags, ['sh', '-c', script])).stdout).toBe('opened\n');
  });

  it('is built by commands that run in it', async ({expect}) => {
    const lines = ['FROM small', 'RUN id -u > /built', 'USER worker', 'CMD cat /built; id -u'];
    const words = ['build', '--quiet', '--network', 'none', '--tag', 'built', '-'];
    const env = {...docker().arena.env, DOCKER_BUILDKIT: '0'};
    await docker().succeed(words, {stdin: lines.join('\n'), env});
    const {stdout} = await docker().do(['run', '--rm', '--network', 'none', 'built']);
    expect(stdout).toBe('0\n1000\n');
  });

  it('masks what docker masks', async ({expect}) => {
    const script =
      'ls /sys/firmware; cat /proc/keys /proc/timer_list; echo x > /proc/sys/kernel/hostname';
    const {stdout, stderr} = await docker().run([], ['sh', '-c', script]);
    expect(stdout).toBe('');
    expect(stderr).toContain('Read-only file system');
  });

  it('masks nothing with systempaths=unconfined', async ({expect}) => {
    const flags = ['--security-opt', 'systempaths=unconfined'];
    const {stdout} = await docker().run(flags, ['sh', '-c', 'grep -c /proc/ /proc/self/mountinfo']);
    expect(stdout).toBe('0\n');
  });
});
