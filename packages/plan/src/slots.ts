import {MinicontainerError} from '@minicontainer/errors';

/** As many as nsexec keeps (SLOTS_MAX). */
const maximum = 256;

/** Numbers the descriptors that operations hand to each other, in order of first use. */
export class SlotTable {
  readonly #names: string[] = [];

  get names(): readonly string[] {
    return this.#names;
  }

  /**
   * The number for an operation that fills the slot.
   *
   * @throws {MinicontainerError} `EPLAN` when there are too many
   */
  write(name: string): number {
    const known = this.#names.indexOf(name);
    if (known >= 0) return known;
    if (this.#names.length === maximum) {
      throw new MinicontainerError(
        'EPLAN',
        `a plan holds at most ${maximum} mounts and directories`,
        {
          hint: 'use fewer mounts: one of a directory that holds the others will do',
        },
      );
    }
    return this.#names.push(name) - 1;
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
