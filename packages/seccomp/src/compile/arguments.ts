import type {Assembler, Jump, Target} from './assembler.ts';
import type {Condition} from './condition.ts';
import type {ByArguments} from './decisions.ts';

// struct seccomp_data: nr, arch, instruction_pointer, then six arguments, low word first.
const offsetOfArguments = 16;
const bytesPerArgument = 8;
const bytesPerWord = 4;

/** Tries the alternatives in their order. */
export function compareArguments(assembler: Assembler, decision: ByArguments): Target {
  const {alternatives, otherwise, wide} = decision;
  return alternatives.reduceRight<Target>(
    (miss, {conditions, result}) =>
      conditions.reduceRight<Target>(
        (hit, condition) => compare(assembler, condition, wide, hit, miss),
        {kind: 'return', value: result},
      ),
    {kind: 'return', value: otherwise},
  );
}

function compare(
  assembler: Assembler,
  condition: Condition,
  wide: boolean,
  hit: Target,
  miss: Target,
): Target {
  const argument = new Argument(assembler, condition, wide);
  switch (condition.operator) {
    case 'SCMP_CMP_EQ':
      return argument.equal(hit, miss);
    case 'SCMP_CMP_NE':
      return argument.equal(miss, hit);
    case 'SCMP_CMP_GT':
      return argument.above('greater', hit, miss);
    case 'SCMP_CMP_GE':
      return argument.above('greaterOrEqual', hit, miss);
    case 'SCMP_CMP_LT':
      return argument.above('greaterOrEqual', miss, hit);
    case 'SCMP_CMP_LE':
      return argument.above('greater', miss, hit);
    case 'SCMP_CMP_MASKED_EQ':
      return argument.maskedEqual(hit, miss);
    default:
      return condition.operator satisfies never;
  }
}

/** Writes comparisons of 64 bits by words of 32; on 32-bit architectures there is only the low one. */
class Argument {
  readonly #assembler: Assembler;
  readonly #condition: Condition;
  readonly #wide: boolean;

  constructor(assembler: Assembler, condition: Condition, wide: boolean) {
    this.#assembler = assembler;
    this.#condition = condition;
    this.#wide = wide;
  }

  equal(hit: Target, miss: Target): Target {
    const {high, low} = this.#condition.value;
    const lowFits = this.#low('equal', low, hit, miss);
    return this.#wide ? this.#high('equal', high, lowFits, miss) : lowFits;
  }

  above(comparison: 'greater' | 'greaterOrEqual', hit: Target, miss: Target): Target {
    const {high, low} = this.#condition.value;
    const lowFits = this.#low(comparison, low, hit, miss);
    if (!this.#wide) return lowFits;
    // The high word is loaded once: above decides, equal leaves it to the low word.
    const sameHigh = this.#assembler.jump('equal', high, lowFits, miss);
    return this.#high('greater', high, hit, sameHigh);
  }

  maskedEqual(hit: Target, miss: Target): Target {
    const {mask, value} = this.#condition;
    const lowFits =
      mask.low === 0 ? hit : this.#low('equal', mask.low & value.low, hit, miss, mask.low);
    if (!this.#wide || mask.high === 0) return lowFits;
    return this.#high('equal', mask.high & value.high, lowFits, miss, mask.high);
  }

  #low(comparison: Jump, k: number, hit: Target, miss: Target, mask?: number): Target {
    return this.#word(0, comparison, k, hit, miss, mask);
  }

  #high(comparison: Jump, k: number, hit: Target, miss: Target, mask?: number): Target {
    return this.#word(bytesPerWord, comparison, k, hit, miss, mask);
  }

  #word(
    offset: number,
    comparison: Jump,
    k: number,
    hit: Target,
    miss: Target,
    mask?: number,
  ): Target {
    this.#assembler.jump(comparison, k >>> 0, hit, miss);
    if (mask !== undefined) this.#assembler.and(mask);
    const argument = offsetOfArguments + this.#condition.index * bytesPerArgument;
    return this.#assembler.load(argument + offset);
  }
}
