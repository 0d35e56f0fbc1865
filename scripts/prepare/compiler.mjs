// nsexec is C: a fresh machine may have no compiler.
import {spawnSync} from 'node:child_process';
import {aptCommand, maySetUp, setUp} from '../setup/debian.mjs';
import {NotPreparedError} from './error.mjs';

const packages = ['gcc', 'make', 'libc6-dev', 'linux-libc-dev'];

export function requireCompiler() {
  if (compiles()) return;
  if (maySetUp()) setUp('build');
  if (!compiles()) {
    const what = process.env.CC ? `a C compiler, and CC=${process.env.CC} is none` : 'a C compiler';
    throw new NotPreparedError(`nsexec needs ${what}: ${aptCommand(packages)}`);
  }
}

/** Headers too: Debian's gcc comes without them. */
function compiles() {
  const compiler = (process.env.CC ?? 'cc').split(' ');
  const program = '#include <stdio.h>\n#include <linux/types.h>\n';
  return (
    spawnSync('make', ['--version']).status === 0 &&
    spawnSync(compiler[0], [...compiler.slice(1), '-E', '-'], {input: program}).status === 0
  );
}
