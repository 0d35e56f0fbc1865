import {UsageError} from '../program/usage.ts';
import {nearest} from './nearest.ts';

/** An option as a command declares it: its spellings, and how many words its value takes. */
export interface DeclaredOption {
  readonly names: readonly string[];
  readonly arity: number;
}

/** A flag as it was given, by its long name. */
export interface GivenFlag {
  readonly name: string;
  readonly value: string | boolean;
}

export interface Rewritten {
  readonly flags: readonly GivenFlag[];
  /** All from the first word on that is no flag, untouched; or, with flags anywhere, all that is none. */
  readonly words: readonly string[];
  /** Whether `--help` (or `-h`, where that means nothing else) was among the flags. */
  readonly help: boolean;
}

/**
 * Reads Docker's and Podman's spellings of flags: `-itu0`, `-eA=b`, `-e -x=1`, `--rm=false`.
 *
 * The rules are those of pflag, the Go package both are built on: `--name value`, `--name=value`,
 * `-n value`, `-nvalue`, `-n=value`, switches clustered behind one dash, a value may begin with a
 * dash, a switch takes a value only after `=`.
 *
 * @param flagsAnywhere whether flags may stand behind words too, and not only before the first
 * @throws {UsageError} for an unknown flag, a value that is missing, a switch that is neither
 */
export function rewriteArgv(
  argv: readonly string[],
  options: readonly DeclaredOption[],
  commandName: string,
  flagsAnywhere = false,
): Rewritten {
  return new Rewriter(argv, options, commandName).run(flagsAnywhere);
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

class Rewriter {
  readonly #words: string[];
  readonly #options = new Map<string, DeclaredOption>();
  readonly #commandName: string;
  readonly #flags: GivenFlag[] = [];
  #help = false;

  constructor(argv: readonly string[], options: readonly DeclaredOption[], commandName: string) {
    this.#words = [...argv];
    this.#commandName = commandName;
    for (const option of options) {
      for (const name of option.names) this.#options.set(name, option);
    }
  }

  run(flagsAnywhere: boolean): Rewritten {
    const between: string[] = [];
    for (let word = this.#words[0]; word !== undefined; word = this.#words[0]) {
      const isFlag = word !== '-' && word.startsWith('-');
      if (!isFlag && !flagsAnywhere) break;
      this.#words.shift();
      if (word === '--') break;
      if (!isFlag) between.push(word);
      else if (word.startsWith('--')) this.#long(word);
      else this.#cluster(word);
    }
    return {flags: this.#flags, words: [...between, ...this.#words], help: this.#help};
  }

  #long(word: string): void {
    const equals = word.indexOf('=');
    const name = equals === -1 ? word : word.slice(0, equals);
    const value = equals === -1 ? undefined : word.slice(equals + 1);
    if (!/^--[^-=]/.test(word)) throw this.#error(`bad flag syntax ${word}`);
    const option = this.#options.get(name);
    if (option !== undefined) this.#set(option, name, value ?? this.#missing(option, name));
    else if (name === '--help') this.#help = this.#truth(name, value ?? 'true');
    else throw this.#unknown(name, name);
  }

  #cluster(word: string): void {
    let letters = word.slice(1);
    while (letters !== '') {
      const [letter = ''] = letters;
      const name = `-${letter}`;
      const behind = letters.slice(letter.length);
      const option = this.#options.get(name);
      if (option === undefined) {
        if (name !== '-h') throw this.#unknown(name, word);
        this.#help = true;
        letters = behind;
      } else if (behind.length > 1 && behind.startsWith('=')) {
        this.#set(option, name, behind.slice(1));
        return;
      } else if (option.arity === 0) {
        this.#set(option, name, 'true');
        letters = behind;
      } else {
        this.#set(option, name, behind === '' ? this.#missing(option, name) : behind);
        return;
      }
    }
  }

  /** What stands for a value that is not attached: the next word, whatever it begins with. */
  #missing(option: DeclaredOption, name: string): string {
    if (option.arity === 0) return 'true';
    const value = this.#words.shift();
    if (value === undefined) throw this.#error(`flag ${name} needs a value`);
    return value;
  }

  #set(option: DeclaredOption, spelling: string, value: string): void {
    const name = option.names.find((candidate) => candidate.startsWith('--')) ?? spelling;
    this.#flags.push({name, value: option.arity > 0 ? value : this.#truth(spelling, value)});
  }

  #truth(name: string, value: string): boolean {
    if (TRUE.has(value)) return true;
    if (FALSE.has(value)) return false;
    throw this.#error(`flag ${name} is true or false, not ${JSON.stringify(value)}`);
  }

  #unknown(name: string, word: string): UsageError {
    const guess = name.startsWith('--') ? nearest(name, [...this.#options.keys()]) : undefined;
    const where = name === word ? '' : ` in ${word}`;
    return this.#error(
      `unknown flag ${name}${where}`,
      guess === undefined ? undefined : `did you mean ${guess}?`,
    );
  }

  #error(reason: string, hint?: string): UsageError {
    return new UsageError(this.#commandName, reason, hint);
  }
}
