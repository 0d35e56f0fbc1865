import {MinicontainerError} from '@minicontainer/errors';

const signals = {SIGHUP: 129, SIGINT: 130, SIGTERM: 143} as const;
const patienceMs = 5000;

/**
 * Does work that Ctrl-C ends: what it leaves is for the next call to go on with. A second Ctrl-C, or a while
 * without an end, is the end at once.
 *
 * @param hint what is left of it, and what to do
 * @throws {MinicontainerError} `EINTERRUPTED` with the exit code of the signal
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  hint = 'what was fetched is kept: the same command goes on from there',
): Promise<T> {
  const controller = new AbortController();
  const interrupt = (name: keyof typeof signals) => {
    const exitCode = signals[name];
    if (controller.signal.aborted) process.exit(exitCode);
    setTimeout(() => process.exit(exitCode), patienceMs).unref();
    controller.abort(
      new MinicontainerError('EINTERRUPTED', 'interrupted', {
        exitCode,
        hint,
      }),
    );
  };
  for (const name of Object.keys(signals)) process.on(name, interrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    // Whatever broke off says so in words of its own.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    for (const name of Object.keys(signals)) process.off(name, interrupt);
  }
}
