import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const busybox = '/bin/busybox';

/** What is in each bundle: /bin with busybox and its applets, and the places that things are mounted at. */
const directories = ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp'];
const accounts = 'root:x:0:0:root:/:/bin/sh\n';
const groups = 'root:x:0:\ntty:x:5:\n';

/** Makes the directory that the programs run in: `runtimetest`, and the archive they unpack into bundles. */
export function makeKit(programs: string): string {
  const kit = mkdtempSync(join(tmpdir(), `minicontainer-validation-${process.pid}-kit-`));
  copyFileSync(join(programs, 'runtimetest'), join(kit, 'runtimetest'));
  const rootfs = join(kit, 'rootfs');
  for (const directory of directories) mkdirSync(join(rootfs, directory), {recursive: true});
  copyFileSync(busybox, join(rootfs, 'bin/busybox'));
  const applets = execFileSync(busybox, ['--list'], {encoding: 'utf8'}).trim().split('\n');
  for (const applet of applets) {
    if (applet !== 'busybox') symlinkSync('busybox', join(rootfs, 'bin', applet));
  }
  writeFileSync(join(rootfs, 'etc/passwd'), accounts);
  writeFileSync(join(rootfs, 'etc/group'), groups);
  execFileSync('tar', ['-czf', join(kit, 'rootfs-amd64.tar.gz'), '-C', rootfs, '.']);
  rmSync(rootfs, {recursive: true});
  return kit;
}
