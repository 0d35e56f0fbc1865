/** Name, D-Bus type and value of a unit's property, as busctl(1) takes them. */
export type Property = readonly [name: string, type: string, ...value: string[]];

/** The command line that calls a method of a manager: its name, signature and arguments. */
export function callManager(
  {busctl, address}: {readonly busctl: string; readonly address: string},
  words: readonly string[],
): string[] {
  const manager = 'org.freedesktop.systemd1';
  const object = '/org/freedesktop/systemd1';
  return [busctl, `--address=${address}`, 'call', manager, object, `${manager}.Manager`, ...words];
}

/** An array of them, its length before it. */
export function list(properties: readonly Property[]): string[] {
  return [String(properties.length), ...properties.flat()];
}
