import {chmodSync, chownSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {readHostFacts} from '@minicontainer/engine';
import {explainFailure, parseReport} from '@minicontainer/nsexec';
import {compilePlan, encodePlan, type HostFacts} from '@minicontainer/plan';
import {buildSpec, type Linux, type Process, type Spec} from '@minicontainer/spec';
import type {Person} from './people.ts';
import {roomOf} from './room.ts';
import {launch, nsexecPath, type Result} from './run.ts';
import {makeSystem} from './system.ts';

/** What a test changes of the default specification. */
export interface Changes {
  readonly spec?: Partial<Spec>;
  readonly process?: Partial<Process>;
  readonly linux?: Partial<Linux>;
  readonly init?: boolean;
  /** Without a host name. */
  readonly unnamed?: boolean;
  /** Root without a user namespace; a plain user always has one. */
  readonly hostIds?: boolean;
}

const largeRange = 65536;
const shiftedBase = 1879048192;
let systems = 0;

/** The facts of this host as a person finds them, without its cgroups. */
function factsFor({uid, gid}: Person, spec: Spec): HostFacts {
  const facts = readHostFacts(spec);
  return {
    ...facts,
    uid,
    gid,
    capabilities: uid === 0 ? facts.capabilities : 0n,
    cgroup: {version: 0},
    openFiles: {soft: 1024, hard: 4096},
  };
}

/** A specification of a small system that runs a script, for a person. */
export function specFor(person: Person, script: string, changes: Changes = {}): Spec {
  const {uid, gid} = person;
  const [base, size] = uid === 0 ? [shiftedBase, largeRange] : [undefined, 1];
  const own = !(changes.hostIds === true && uid === 0);
  const made = buildSpec({
    args: ['sh', '-c', script],
    rootPath: makeSystem(person, `system-${++systems}`),
    ...(changes.unnamed ? {} : {hostname: 'box'}),
    userNamespace: own
      ? {
          uidMappings: [{containerID: 0, hostID: base ?? uid, size}],
          gidMappings: [{containerID: 0, hostID: base ?? gid, size}],
        }
      : undefined,
  });
  return {
    ...made,
    ...changes.spec,
    process: {args: [], cwd: '/', ...made.process, ...changes.process},
    linux: {...made.linux, ...changes.linux},
  };
}

/** Runs what no flag asks for: a specification, as the OCI command line will be given one. */
export async function runSpec(
  person: Person,
  script: string,
  changes: Changes = {},
  facts: Partial<HostFacts> = {},
): Promise<Result> {
  const spec = specFor(person, script, changes);
  const plan = compilePlan(
    spec,
    {...factsFor(person, spec), ...facts},
    {id: 'spec', init: changes.init ?? false},
  );
  const directory = mkdtempSync(join(roomOf(person).work, 'plan-'));
  const [planPath, reportPath] = [join(directory, 'plan'), join(directory, 'report')];
  writeFileSync(planPath, encodePlan(plan));
  chmodSync(directory, 0o755);
  chownSync(directory, person.uid, person.gid);
  const line = 'exec "$0" --report 4 3 3< "$1" 4> "$2"';
  const started = launch('bash', ['-c', line, nsexecPath(), planPath, reportPath], {as: person});
  const result = await started.result;
  const report = readFileSync(reportPath, 'utf8');
  if (report === '') return result;
  const {message, exitCode} = explainFailure(plan, parseReport(report));
  return {...result, status: exitCode, stderr: message};
}
