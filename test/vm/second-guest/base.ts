import {createHash} from 'node:crypto';
import {appendFileSync, chmodSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {alice, root, solo} from '../checks/people.ts';
import {makeMaterial, makeSmallSystem, writeFiles} from '../guest/small-system.ts';
import {ask} from '../machine/ask.ts';
import {fromCache} from '../machine/cache.ts';
import {bootstrapDebian} from '../machine/debian.ts';
import {makeDisk} from '../machine/disk.ts';
import {copyPrograms, pathOf} from '../machine/programs.ts';

/** What a rootless login needs, and what loads AppArmor's profiles. */
const packages = [
  ...['systemd', 'systemd-sysv', 'dbus', 'dbus-user-session', 'libpam-systemd', 'login', 'uidmap'],
  'apparmor',
];

/** Units that have nothing to do here. */
const masked = [
  ...['serial-getty@ttyS0.service', 'getty@tty1.service', 'apparmor.service'],
  ...['apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer'],
  ...['e2scrub_all.timer', 'e2scrub_reap.service', 'fstrim.timer', 'systemd-tmpfiles-clean.timer'],
];

const people = [alice, solo];

/** The disk of a Debian with systemd, users, and Node; from the cache, or made anew, which takes a minute. */
export function baseDisk(): string {
  return fromCache(join('disks', `${hashOfWhatMakesIt()}.img`), (scratch) => {
    const tree = join(scratch, 'tree');
    const disk = join(scratch, 'disk.img');
    process.stdout.write('   installing a Debian for the second guest\n');
    bootstrapDebian(tree, packages);
    addUsers(tree);
    configure(tree);
    copyPrograms(tree, [process.execPath]);
    makeDisk(disk, tree, 1200);
    return disk;
  });
}

function hashOfWhatMakesIt(): string {
  const sources = [
    'second-guest/base.ts',
    'second-guest/minicontainer-checks.service',
    'checks/people.ts',
    'guest/small-system.ts',
    'machine/debian.ts',
    'machine/disk.ts',
    'machine/programs.ts',
  ].map((file) => join(import.meta.dirname, '..', file));
  const hash = createHash('sha256');
  for (const file of [...sources, '/etc/os-release', pathOf('busybox'), process.execPath]) {
    hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

function addUsers(tree: string): void {
  for (const {name, uid, home} of people) {
    append(tree, 'etc/passwd', `${name}:x:${uid}:${uid}::${home}:/bin/bash\n`);
    append(tree, 'etc/group', `${name}:x:${uid}:\n`);
    append(tree, 'etc/shadow', `${name}:*:19000:0:99999:7:::\n`);
    makeSmallSystem(join(tree, home, 'system'));
    mkdirSync(join(tree, home, '.local/share'), {recursive: true});
    ask('chown', ['-hR', `${uid}:${uid}`, join(tree, home)]);
  }
  for (const file of ['etc/subuid', 'etc/subgid']) {
    writeFiles(tree, {[file]: `${alice.name}:${alice.subordinate}:65536\n`});
  }
  makeSmallSystem(join(tree, root.home, 'system'));
}

function configure(tree: string): void {
  writeFiles(tree, {
    'etc/hostname': 'guest\n',
    // Known, so that this is not a first boot.
    'etc/machine-id': `${'0123456789abcdef'.repeat(2)}\n`,
    'etc/resolv.conf': 'nameserver 192.0.2.1\n',
    'etc/systemd/journald.conf': '[Journal]\nStorage=volatile\n',
    // Her user manager runs from boot on (loginctl(1), enable-linger).
    'var/lib/systemd/linger/alice': '',
  });
  mkdirSync(join(tree, 'opt/disk'));
  makeMaterial(join(tree, 'usr/share'));
  const units = join(tree, 'etc/systemd/system');
  for (const unit of masked) symlinkSync('/dev/null', join(units, unit));
  const service = 'minicontainer-checks.service';
  const text = readFileSync(join(import.meta.dirname, service), 'utf8');
  writeFiles(units, {[service]: text});
  symlinkSync(`../${service}`, join(units, 'multi-user.target.wants', service));
  chmodSync(join(tree, 'root'), 0o700);
}

function append(tree: string, file: string, line: string): void {
  appendFileSync(join(tree, file), line);
}
