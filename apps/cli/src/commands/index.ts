import type {CommandClass} from '../program/command.ts';

/** First word → the module that answers it. Those in `images/` are a bundle of their own. */
const commands = {
  run: async () => (await import('./run.ts')).RunCommand,
  pull: async () => (await import('./images/pull.ts')).PullCommand,
  images: async () => (await import('./images/images.ts')).ImagesCommand,
  rmi: async () => (await import('./images/rmi.ts')).RmiCommand,
  tag: async () => (await import('./images/tag.ts')).TagCommand,
  inspect: async () => (await import('./images/inspect.ts')).InspectCommand,
  history: async () => (await import('./images/history.ts')).HistoryCommand,
  df: async () => (await import('./images/df.ts')).DfCommand,
  prune: async () => (await import('./images/prune.ts')).PruneCommand,
  save: async () => (await import('./images/save.ts')).SaveCommand,
  load: async () => (await import('./images/load.ts')).LoadCommand,
  import: async () => (await import('./images/import.ts')).ImportCommand,
  push: async () => (await import('./images/push.ts')).PushCommand,
  login: async () => (await import('./images/login.ts')).LoginCommand,
  logout: async () => (await import('./images/logout.ts')).LogoutCommand,
  explain: async () => (await import('./explain.ts')).ExplainCommand,
  doctor: async () => (await import('./doctor.ts')).DoctorCommand,
  help: async () => (await import('./help.ts')).HelpCommand,
  version: async () => (await import('./version.ts')).VersionCommand,
  __report: async () => (await import('./report.ts')).ReportCommand,
} as const satisfies Record<string, () => Promise<CommandClass>>;

export type CommandName = keyof typeof commands;

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}

export function loadCommand(name: CommandName): Promise<CommandClass> {
  return commands[name]();
}

/** The commands that people call, in the order in which help lists them. */
export function commandNames(): CommandName[] {
  return Object.keys(commands).filter((name): name is CommandName => !name.startsWith('__'));
}
