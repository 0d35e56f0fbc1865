import {readFileSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import {isCapabilityName, type Process, type Spec} from '@minicontainer/spec';
import {validateSpec} from '@minicontainer/spec/schema';

/** A process as flags tell of it, or a file. */
export interface ExecRequest {
  /** Of a whole process; then nothing else of it is said. */
  readonly processFile?: string | undefined;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly capabilities: readonly string[];
  /** Numbers. */
  readonly additionalGids: readonly string[];
  /** `UID` or `UID:GID`, numbers. */
  readonly user?: string | undefined;
  readonly cwd?: string | undefined;
  readonly apparmorProfile?: string | undefined;
  readonly selinuxLabel?: string | undefined;
  readonly noNewPrivileges?: boolean | undefined;
  readonly terminal: boolean;
}

/**
 * The process that is asked for. By flags it is the container's own with what they change of it; from a
 * file it takes from the container's what the file does not say of limits and confinement.
 *
 * @throws {MinicontainerError} `EUSER`, `ECAPABILITY`, `EPROCESS`, or `ESPEC` for what no process can be
 */
export function processOf(spec: Spec, request: ExecRequest): Process {
  const asked =
    request.processFile === undefined
      ? changed(spec.process, request)
      : completed(spec.process, readProcess(request.processFile));
  const source = request.processFile ?? 'exec';
  const {process} = validateSpec({...spec, process: asked}, source);
  if (process === undefined) throw new MinicontainerError('EPROCESS', `${source}: no process`);
  return {...process, ...(process.env && {env: lastOfEach(process.env)})};
}

function changed(own: Process | undefined, request: ExecRequest): unknown {
  const {cwd, apparmorProfile, selinuxLabel, noNewPrivileges} = request;
  const user = request.user === undefined ? own?.user : {...own?.user, ...parseUser(request.user)};
  const gids = request.additionalGids.map((gid) => parseId(gid, '--additional-gids'));
  return {
    ...own,
    args: request.args,
    terminal: request.terminal,
    env: [...(own?.env ?? []), ...request.env],
    cwd: cwd ?? own?.cwd,
    user: {
      ...(user ?? {uid: 0, gid: 0}),
      ...(gids.length > 0 && {additionalGids: [...(user?.additionalGids ?? []), ...gids]}),
    },
    ...(request.capabilities.length > 0 && {
      capabilities: withCapabilities(own?.capabilities, request.capabilities),
    }),
    ...(apparmorProfile !== undefined && {apparmorProfile}),
    ...(selinuxLabel !== undefined && {selinuxLabel}),
    ...(noNewPrivileges !== undefined && {noNewPrivileges}),
  };
}

/** Never to the inheritable ones: those would outlast a change of user (CVE-2022-29162). */
function withCapabilities(
  own: Process['capabilities'],
  names: readonly string[],
): Process['capabilities'] {
  const added = names.map(toCapability);
  const join = (set: readonly string[] | undefined) => [...new Set([...(set ?? []), ...added])];
  return {
    ...own,
    bounding: join(own?.bounding),
    effective: join(own?.effective),
    permitted: join(own?.permitted),
  };
}

function toCapability(text: string): string {
  const upper = text.toUpperCase();
  const name = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
  if (isCapabilityName(name)) return name;
  throw new MinicontainerError('ECAPABILITY', `there is no capability ${text}`, {
    hint: 'capabilities(7) lists them: --cap CAP_NET_ADMIN',
  });
}

function parseUser(text: string): {uid: number; gid?: number} {
  const [uid = '', gid, ...more] = text.split(':');
  if (more.length > 0) throw badId(text, '--user');
  return {
    uid: parseId(uid, '--user'),
    ...(gid !== undefined && {gid: parseId(gid, '--user')}),
  };
}

/** Decimal, and not the one that means "leave it as it is" to setresuid(2): it would stay root. */
function parseId(text: string, flag: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (id < 2 ** 32 - 1) return id;
  throw badId(text, flag);
}

function badId(text: string, flag: string): MinicontainerError {
  return new MinicontainerError('EUSER', `${flag} ${JSON.stringify(text)} is no number of an id`, {
    hint: 'write numbers from 0 to 4294967294: --user 1000, or --user 1000:1000',
  });
}

function readProcess(path: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof found === 'object' && found !== null) return {...found};
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new MinicontainerError('EPROCESS', `${path} is no process: ${said}`, {cause});
  }
  throw new MinicontainerError('EPROCESS', `${path} is no process: no JSON object`);
}

/** As runc completes it; what is not there and not listed is as the specification says of a process. */
const completedFields = [
  ...(['capabilities', 'rlimits', 'apparmorProfile', 'selinuxLabel', 'oomScoreAdj'] as const),
  ...(['scheduler', 'ioPriority', 'execCPUAffinity'] as const),
];

function completed(own: Process | undefined, asked: Record<string, unknown>): unknown {
  const missing = completedFields.filter((name) => saysNothing(asked[name]));
  const umask = own?.user?.umask;
  const user = typeof asked.user === 'object' && asked.user !== null ? asked.user : {};
  return {
    ...asked,
    ...Object.fromEntries(
      missing.flatMap((name) => (own?.[name] === undefined ? [] : [[name, own[name]]])),
    ),
    user: {uid: 0, gid: 0, ...(umask !== undefined && {umask}), ...user},
  };
}

function saysNothing(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A program that reads the first of two would not have what was said last. */
function lastOfEach(env: readonly string[]): string[] {
  const byName = new Map(env.map((entry) => [entry.split('=', 1)[0] ?? '', entry]));
  return [...byName.values()];
}
