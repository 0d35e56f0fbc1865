/**
 * The command line that starts this program again: what nsexec executes to have a failure explained.
 *
 * In the bundle every module's file name is the bundle's.
 */
export function ownCommandLine(): string[] {
  return [process.execPath, import.meta.filename];
}
