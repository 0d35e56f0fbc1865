import type {Flags, Parsed, Values} from './command-line.ts';

/** What a verb is told besides its own flags. */
export interface Surroundings {
  /** Where the containers are kept. */
  readonly root: string;
  readonly global: Values;
}

/** One command of the runtime. */
export interface Verb {
  /** What its help shows: how it is called, and a line about it. */
  readonly synopsis: string;
  readonly about: string;
  /** More of it, as whole sentences. */
  readonly details?: string;
  readonly flags: Flags;
  /** All that stands behind the first word is a command, and none of its flags are ours. */
  readonly endsFlags?: boolean;
  /** The exit code of a failure of ours; 1 unless said. */
  readonly failure?: number;
  run(parsed: Parsed, surroundings: Surroundings): Promise<number> | number;
}
