// Who runs beside others and looks at what is left on a machine must not see what those are doing.

/** The first process of a pid namespace takes in orphans: a shell waits for them, vitest would not. */
const init = '"$@"; exit $?';

/**
 * A command in namespaces of its own for processes and mounts, which end with it: those outside see its
 * processes below its own, and it sees none of theirs. Only root can have that.
 */
export function inOwnNamespaces(words) {
  if (process.getuid() !== 0) return words;
  const namespaces = ['--pid', '--fork', '--kill-child', '--mount', '--mount-proc'];
  return ['unshare', ...namespaces, '--', 'bash', '-c', init, 'bash', ...words];
}
