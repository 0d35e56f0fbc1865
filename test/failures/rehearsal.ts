import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Readable} from 'node:stream';
import type {ErrnoName, OperationName, Stage} from '@minicontainer/plan';
import type {Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {environmentOf, minicontainer, nsexecPath, run} from '../e2e/harness/run.ts';
import {type Call, parseCalls} from './calls.ts';
import {applyTo, type Injection} from './injection.ts';
import {stoppingNsexec} from './stopping.ts';

/** One operation as `explain --format json` shows it. */
export interface ListedOperation {
  readonly index: number;
  readonly stage: Stage;
  readonly op: OperationName;
  readonly does: string;
  readonly syscalls: readonly string[];
  readonly args: Readonly<Record<string, unknown>>;
  readonly optional: readonly ErrnoName[];
  readonly else: number;
}

/** What nsexec has reported, and what strace saw. */
export interface Outcome {
  /** Undefined: it did not end in time. */
  readonly status: number | undefined;
  readonly report: {readonly index: number; readonly errno: number} | undefined;
  readonly calls: readonly Call[];
}

const patienceMs = 15_000;
const planDescriptor = 3;
const reportDescriptor = 4;

/** What `minicontainer explain --format json run WORDS…` lists. */
export async function listOperations(
  person: Person,
  words: readonly string[],
): Promise<readonly ListedOperation[]> {
  const {stdout, stderr} = await minicontainer(['explain', '--format', 'json', 'run', ...words], {
    as: person,
  });
  if (stdout === '') throw new Error(stderr);
  const {operations}: {operations: ListedOperation[]} = JSON.parse(stdout);
  return operations;
}

/**
 * A container that is all prepared for nsexec, again and again, without the time that Node takes to
 * prepare it: the state on disk of a run whose nsexec has done nothing.
 */
export class Rehearsal {
  readonly #person: Person;
  readonly #template: string;

  private constructor(person: Person, template: string) {
    this.#person = person;
    this.#template = template;
  }

  static async of(person: Person, words: readonly string[]): Promise<Rehearsal> {
    const {state, work} = roomOf(person);
    const {status, stderr} = await run(words, {
      as: person,
      env: {MINICONTAINER_NSEXEC: '/bin/true'},
    });
    if (status !== 0) throw new Error(stderr);
    const template = join(work, 'template');
    copy(state, template);
    return new Rehearsal(person, template);
  }

  /** Performs the plan, with failures. */
  async perform(injections: readonly Injection[]): Promise<Outcome> {
    const {state, work} = roomOf(this.#person);
    copy(this.#template, state);
    const [id = ''] = readdirSync(join(state, 'containers'));
    const plan = openSync(join(state, 'containers', id, 'plan'), 'r');
    const nsexec = spawn(
      stoppingNsexec(this.#person),
      ['--report', String(reportDescriptor), String(planDescriptor)],
      {
        cwd: work,
        env: environmentOf(this.#person),
        // As the harness has them: what nsexec does with a stream depends on what it is.
        stdio: ['ignore', 'pipe', 'pipe', plan, 'pipe'],
        ...(this.#person.uid === 0 ? {} : {uid: this.#person.uid, gid: this.#person.gid}),
      },
    );
    closeSync(plan);
    nsexec.stdout?.resume();
    nsexec.stderr?.resume();
    const report = readAll(nsexec.stdio[reportDescriptor] as Readable);
    const ended = once(nsexec, 'close');
    const pid = nsexec.pid ?? 0;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      nsexec.kill('SIGKILL');
    }, patienceMs);
    const strace = await applyTo(pid, injections, work);
    const [status] = await ended;
    clearTimeout(timer);
    await strace.finish();
    return {
      status: late ? undefined : Number(status),
      report: parseReport(await report),
      calls: readCalls(join(work, `strace-${pid}.log`)),
    };
  }

  /** Lets go of what failed cleanups have left, as the next run would: by the plan. */
  clear(): void {
    const {state} = roomOf(this.#person);
    const {uid, gid} = this.#person;
    const [id = ''] = readdirSync(join(this.#template, 'containers'));
    const plan = openSync(join(this.#template, 'containers', id, 'plan'), 'r');
    spawnSync(nsexecPath(), ['--cleanup', String(planDescriptor)], {
      stdio: ['ignore', 'ignore', 'ignore', plan],
      ...(uid === 0 ? {} : {uid, gid}),
    });
    closeSync(plan);
    for (const name of ['containers', 'ranges']) {
      rmSync(join(state, name), {recursive: true, force: true});
    }
  }
}

function parseReport(line: string): Outcome['report'] {
  const match = /^(\d+) (\d+)/.exec(line);
  return match === null ? undefined : {index: Number(match[1]), errno: Number(match[2])};
}

function readCalls(log: string): readonly Call[] {
  const calls = parseCalls(readFileSync(log, 'utf8'));
  rmSync(log);
  return calls;
}

/** With owners, and in place of what is there. */
function copy(from: string, to: string): void {
  if (existsSync(to)) for (const name of readdirSync(to)) rmSync(join(to, name), {recursive: true});
  const {status, stderr} = spawnSync('cp', ['-aT', from, to], {encoding: 'utf8'});
  if (status !== 0) throw new Error(stderr);
}

async function readAll(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
