/** Why an archive is refused, before the parser adds which entry and where. */
export class TarRefusal extends Error {}

/** @param reason completes "the entry …": `has no name` */
export function refuse(reason: string): never {
  throw new TarRefusal(reason);
}
