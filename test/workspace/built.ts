import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {root} from './packages.ts';

/** Packages are judged, and README examples run, as they are published: compiled. */
export default function setup(): void {
  execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-b'], {cwd: root, stdio: 'inherit'});
}
