import {spawn} from 'node:child_process';
import {once} from 'node:events';

const script = `
import fcntl, sys
file = open(sys.argv[1], 'r+')
fcntl.lockf(file, fcntl.LOCK_EX)
print('locked', flush=True)
sys.stdin.read()
`;

/** Holds the lock of a container's directory, as who makes or deletes it does; returns what gives it back. */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const child = spawn('python3', ['-c', script, path], {stdio: ['pipe', 'pipe', 'inherit']});
  await once(child.stdout, 'data');
  return async () => {
    const ended = once(child, 'exit');
    child.stdin.end();
    await ended;
  };
}
