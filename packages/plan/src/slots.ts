import {MinicontainerError} from '@minicontainer/errors';

/** Numbers the descriptors that operations hand to each other, in order of first use. */
export class SlotTable {
  readonly #names: string[] = [];

  get names(): readonly string[] {
    return this.#names;
  }

  /** The number for an operation that fills the slot. */
  write(name: string): number {
    const known = this.#names.indexOf(name);
    return known >= 0 ? known : this.#names.push(name) - 1;
  }

  /**
   * The number for an operation that uses the slot.
   *
   * @throws {MinicontainerError} `EPLAN` when nothing has filled it
   */
  read(name: string, where: string): number {
    const known = this.#names.indexOf(name);
    if (known < 0) {
      throw new MinicontainerError('EPLAN', `${where}: no earlier operation fills slot "${name}"`);
    }
    return known;
  }
}
