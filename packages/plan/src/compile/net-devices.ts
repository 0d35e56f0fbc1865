import {MinicontainerError} from '@minicontainer/errors';
import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {hasNamespace} from './namespace-types.ts';

/**
 * The network devices that a spec moves from the caller's network namespace into the container's, each
 * with its addresses of global scope.
 *
 * @throws {MinicontainerError} `ENETDEVICE` where they cannot be moved, or two of them have one name
 * @see OCI runtime spec, config-linux.md, "Network Devices"
 */
export function compileNetDevices(spec: Spec, host: HostFacts): Operation[] {
  const devices = Object.entries(spec.linux?.netDevices ?? {});
  if (devices.length === 0) return [];
  if (!hasNamespace(spec, 'network')) {
    throw refuse(
      '/linux/netDevices cannot move: /linux/namespaces has no "network"',
      'give the container a network namespace: what is in the host’s it has already',
    );
  }
  if (host.uid !== 0) {
    throw refuse(
      '/linux/netDevices can be moved by root alone',
      'a plain user has no rights over the network devices of the host',
    );
  }
  const names = devices.map(([name, device]) => device.name ?? name);
  checkNames(names);
  return devices.map(([name], index) =>
    operation(
      'hooks',
      'moveLink',
      {name, newName: names[index] ?? name},
      'the spec gives it to the container; before the hooks, which may set it up',
    ),
  );
}

/** The kernel numbers a name where it has one `%d`, and takes no other `%`. */
function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (/^[^%]*(%d)?[^%]*$/.test(name)) continue;
    throw refuse(
      `/linux/netDevices: ${name} is no name of a network device`,
      'the only % that it may have is one %d, which stands for a free number',
    );
  }
  const plain = names.filter((name) => !name.includes('%'));
  const twice = plain.find((name, index) => plain.indexOf(name) !== index);
  if (twice !== undefined) {
    throw refuse(
      `/linux/netDevices has two devices that are to be ${twice}`,
      'give each a name of its own, or number them: eth%d',
    );
  }
}

function refuse(message: string, hint: string): MinicontainerError {
  return new MinicontainerError('ENETDEVICE', `config.json: ${message}`, {hint});
}
