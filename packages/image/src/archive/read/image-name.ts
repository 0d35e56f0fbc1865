import type {Descriptor} from '../../manifest/descriptor.ts';
import {isTag} from '../../reference/grammar.ts';
import {fullName, parseReference} from '../../reference/reference.ts';

/**
 * What an entry of a layout's index is called: containerd and Docker annotate the whole name, Podman writes
 * it where the specification has a tag. A tag alone names an image of this machine, as in Podman.
 */
export function imageName({annotations = {}}: Descriptor): string | undefined {
  const refName = annotations['org.opencontainers.image.ref.name'];
  const name = annotations['io.containerd.image.name'] ?? refName;
  if (name === undefined) return undefined;
  try {
    return fullName(parseReference(name === refName && isTag(name) ? `localhost/${name}` : name));
  } catch {
    // Any text may stand there.
    return undefined;
  }
}
