import {expect} from 'vitest';
import type {Person} from '../../e2e/harness/people.ts';
import {binPath, nsexecPath, type Result} from '../../e2e/harness/run.ts';
import type {PlanMutation} from './plan-mutants.ts';
import {type PrepareOptions, prepare, startThrough} from './prepared.ts';
import {mutantNsexec, type Replacement} from './source-mutants.ts';

/** One try to get something out of a container, or out of the host by its caller. */
export interface Attack {
  /** `minicontainer run WORDS…` */
  readonly words: readonly string[];
  readonly options?: PrepareOptions;
  /** Puts nsexec where the attack can reach it; returns its path. */
  readonly install?: (nsexec: string) => string;
  /**
   * What was gained, as seen on the host or as the container has printed it; empty: nothing. Never our own
   * message, which proves little.
   */
  readonly gain: (result: Result) => string;
}

/** What is taken away, so that the attack must succeed: otherwise the test would prove nothing. */
export interface Weakening {
  /** The protection, as in "without …". */
  readonly without: string;
  readonly plan?: PlanMutation;
  readonly source?: readonly Replacement[];
  /** Flags of `run` that give the protection up. */
  readonly flags?: readonly string[];
  /** Another layer, which holds alone: nothing must be gained even so. */
  readonly heldBy?: string;
}

/**
 * Makes an attack on the product as it is, where it must gain nothing, and on the product without each of
 * the protections, where it must gain something.
 *
 * @param arrange makes all that an attack needs, anew for each try; the number tells the tries apart
 */
export async function expectGuarded(
  as: Person,
  arrange: (round: number) => Attack,
  weakenings: readonly Weakening[],
): Promise<void> {
  const whole = arrange(0);
  const result = await attempt({}, whole, as);
  expect(whole.gain(result), `gained as it is: ${tell(result)}`).toBe('');
  for (const [index, weakening] of weakenings.entries()) {
    const attack = arrange(index + 1);
    const weakened = await attempt(weakening, attack, as);
    const told = `gained without ${weakening.without}: ${tell(weakened)}`;
    if (weakening.heldBy !== undefined) expect(attack.gain(weakened), told).toBe('');
    else expect(attack.gain(weakened), told).not.toBe('');
  }
}

async function attempt(
  {plan, source, flags = []}: Partial<Weakening>,
  {words, install = (path) => path, ...attack}: Attack,
  as: Person,
): Promise<Result> {
  const options = {...attack.options, as};
  const nsexec = install(source === undefined ? nsexecPath() : mutantNsexec(source));
  const weakened = [...flags, ...words];
  if (plan === undefined) {
    return await startThrough([binPath(), 'run', ...weakened], options, nsexec).result;
  }
  const prepared = await prepare(weakened, options);
  return await prepared.perform(plan(prepared.plan), nsexec).result;
}

function tell({status, stdout, stderr}: Result): string {
  return `${status} ${JSON.stringify(stdout.slice(-300))} ${JSON.stringify(stderr.slice(-300))}`;
}
