/**
 * The command line that starts this program again: what nsexec executes to have a failure explained.
 *
 * In the bundle every module's file name is the bundle's. Without the dashes Node 20 takes a later
 * `--env-file` for its own.
 */
export function ownCommandLine(): string[] {
  return [process.execPath, '--', import.meta.filename];
}
