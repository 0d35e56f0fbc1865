import {type Flags, globalFlags} from '../command-line.ts';
import type {Verb} from '../verb.ts';
import {loadVerb, verbNames} from '../verbs.ts';
import {nativeVerbs} from './native.ts';

type Description = Pick<Verb, 'synopsis' | 'about' | 'flags' | 'details'>;
const program = 'minicontainer-oci';

/** Help of one verb, or of them all; undefined for a verb that there is not. */
export async function renderHelp(verb: string | undefined): Promise<string | undefined> {
  if (verb === undefined) return renderOverview();
  const found = await describe(verb);
  return found && renderVerb(found);
}

/** Every verb that people and engines call, in the order of the alphabet. */
export function describedVerbs(): readonly string[] {
  return [...verbNames(), ...Object.keys(nativeVerbs)].sort();
}

async function describe(verb: string): Promise<Description | undefined> {
  return Object.hasOwn(nativeVerbs, verb) ? nativeVerbs[verb] : loadVerb(verb);
}

async function renderOverview(): Promise<string> {
  const rows: [string, string][] = [];
  for (const name of describedVerbs()) rows.push([name, (await describe(name))?.about ?? '']);
  return [
    `Usage: ${program} [FLAGS] COMMAND [ARG...]`,
    'An OCI runtime: what Podman, Docker and containerd call to make a container.',
    `Commands:\n${columns(rows)}`,
    `Flags:\n${columns(flagRows(globalFlags))}\n`,
  ].join('\n\n');
}

function renderVerb({synopsis, about, details, flags}: Description): string {
  const help = {help: {type: 'boolean', short: 'h', about: 'Show this help'}} satisfies Flags;
  return [
    `Usage: ${program} [FLAGS] ${synopsis}`,
    `${about}.`,
    ...(details === undefined ? [] : [details]),
    `Flags:\n${columns(flagRows({...flags, ...help}))}\n`,
  ].join('\n\n');
}

function flagRows(flags: Flags): [string, string][] {
  return Object.entries(flags).map(([name, {type, short, about = ''}]) => {
    const [, value = 'VALUE'] = /`([^`]+)`/.exec(about) ?? [];
    const spelling = `${short === undefined ? '    ' : `-${short}, `}--${name}`;
    return [type === 'string' ? `${spelling} ${value}` : spelling, about.replaceAll('`', '')];
  });
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 3;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n');
}
