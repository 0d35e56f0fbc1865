import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** The version in this package's package.json, which lies one folder above the bundle too. */
export function version(): string {
  const manifest: {readonly version: string} = JSON.parse(
    readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
  );
  return manifest.version;
}
