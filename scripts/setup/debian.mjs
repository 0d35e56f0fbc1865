// Packages from Debian: installed where that is ours to do, named where it is not.
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';

const script = join(import.meta.dirname, '..', 'setup-debian');

/** Root on Debian, and not forbidden. */
export function maySetUp() {
  return (
    process.getuid() === 0 &&
    existsSync('/etc/debian_version') &&
    process.env.MINICONTAINER_NO_SETUP !== '1'
  );
}

/** Installs what `purpose` needs ('build' or 'test'); one line on stderr where something is missing. */
export function setUp(purpose) {
  return spawnSync(script, [purpose], {stdio: ['ignore', 2, 2]}).status === 0;
}

export function aptCommand(packages) {
  const sudo = process.getuid() === 0 ? '' : 'sudo ';
  return `${sudo}apt-get install -y ${packages.join(' ')}`;
}
