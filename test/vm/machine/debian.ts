import {readFileSync} from 'node:fs';
import {withPackageLists} from './archive.ts';
import {ask} from './ask.ts';

/**
 * Installs the Debian release of this machine into a directory, with no more than `packages` need. Only root
 * can: it makes devices and changes its root directory.
 */
export function bootstrapDebian(tree: string, packages: readonly string[]): void {
  const release = releaseOfMachine();
  ask('debootstrap', [
    '--variant=minbase',
    ...(packages.length === 0 ? [] : [`--include=${packages.join(',')}`]),
    ...[release, tree, withPackageLists(() => archiveOf(release))],
  ]);
}

function releaseOfMachine(): string {
  const [, name] = /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  if (name === undefined) throw new Error('/etc/os-release names no release');
  return name;
}

/** The first place that this machine has the release from. */
function archiveOf(release: string): string {
  const format = ['--format', '$(RELEASE) $(REPO_URI)'];
  const sources = ask('apt-get', ['indextargets', ...format, 'Created-By: Packages']);
  const line = sources.split('\n').find((source) => source.startsWith(`${release} `));
  if (line === undefined) throw new Error(`apt has no source of ${release}: run apt-get update`);
  return line.slice(release.length + 1);
}
