import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {specVersions} from '@minicontainer/spec';

/** The version in this package's package.json, which lies one folder above the bundle. */
export function version(): string {
  const manifest: {readonly version: string} = JSON.parse(
    readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
  );
  return manifest.version;
}

/** Lines that begin as those of runc, which engines take apart. */
export function versionText(): string {
  return `minicontainer-oci version ${version()}\nspec: ${specVersions.most}\n`;
}
