import type {Verb} from './verb.ts';

type Load = () => Promise<Verb>;

/** By name, those that Node performs. */
const performed: Readonly<Record<string, Load>> = {
  checkpoint: async () => (await import('./commands/checkpoint.ts')).checkpoint,
  create: async () => (await import('./commands/create.ts')).create,
  events: async () => (await import('./commands/events.ts')).events,
  exec: async () => (await import('./commands/exec.ts')).exec,
  features: async () => (await import('./commands/features.ts')).features,
  list: async () => (await import('./commands/list.ts')).list,
  pause: async () => (await import('./commands/pause.ts')).pause,
  ps: async () => (await import('./commands/ps.ts')).ps,
  resume: async () => (await import('./commands/pause.ts')).resume,
  restore: async () => (await import('./commands/restore.ts')).restore,
  run: async () => (await import('./commands/run.ts')).run,
  spec: async () => (await import('./commands/spec.ts')).spec,
  update: async () => (await import('./commands/update.ts')).update,
};

/** Called by the native program alone. */
const hidden: Readonly<Record<string, Load>> = {
  report: async () => (await import('./commands/report.ts')).report,
};

/** undefined for one that Node does not perform. */
export async function loadVerb(name: string): Promise<Verb | undefined> {
  const all = {...performed, ...hidden};
  return Object.hasOwn(all, name) ? all[name]?.() : undefined;
}

/** In the order of the alphabet. */
export function verbNames(): readonly string[] {
  return Object.keys(performed).sort();
}
