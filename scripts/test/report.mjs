// What a person reads: one line before and after each suite, and the sum over all alone at the end.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {root} from '../root.mjs';
import {budgetSeconds} from './run.mjs';

export class Report {
  #strict;
  #allowed;
  #budget = 0;
  #ended = [];

  /** @param strict whether a skip fails unless test/allowed-skips.json has it with its reason */
  constructor({strict, allowed = readAllowedSkips()}) {
    this.#strict = strict;
    this.#allowed = allowed;
  }

  begin(suite, options) {
    this.#budget = budgetSeconds(suite, options);
    print(`\n== ${suite.name}: ${suite.what} (budget ${this.#budget} s)`);
  }

  end(suite, counts, {seconds}) {
    const refused = counts.skipped.filter((name) => this.#strict && !this.#isAllowed(suite, name));
    const skipped = counts.skipped.length - refused.length;
    for (const name of counts.failed) print(`   failed: ${name}`);
    for (const name of counts.skipped) {
      print(`   ${refused.includes(name) ? 'failed, as CI must not skip it' : 'skipped'}: ${name}`);
    }
    const sum = {passed: counts.passed, failed: counts.failed.length + refused.length, skipped};
    this.#ended.push(sum);
    const late = seconds > this.#budget ? ', OVER BUDGET' : '';
    print(`== ${suite.name}: ${inWords(sum)}; ${seconds.toFixed(1)} of ${this.#budget} s${late}`);
  }

  /** Prints the sum and gives the exit code: nothing run is a failure too. */
  finish() {
    const sum = {passed: 0, failed: 0, skipped: 0};
    for (const suite of this.#ended) {
      for (const kind of Object.keys(sum)) sum[kind] += suite[kind];
    }
    print(`\n${inWords(sum)}`);
    return sum.failed > 0 || sum.passed === 0 ? 1 : 0;
  }

  #isAllowed(suite, name) {
    return this.#allowed.some(
      (skip) => skip.suite === suite.name && name.startsWith(skip.test) && skip.reason !== '',
    );
  }
}

/** A list of {suite, test, reason}; `test` is how the test's full name begins. */
function readAllowedSkips() {
  const file = join(root, 'test', 'allowed-skips.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

function inWords({passed, failed, skipped}) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
