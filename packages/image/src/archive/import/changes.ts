import {MinicontainerError} from '@minicontainer/errors';

/** The field `config` of an image's configuration, as it is written. */
export interface WrittenSettings {
  User?: string;
  ExposedPorts?: Record<string, object>;
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  Volumes?: Record<string, object>;
  WorkingDir?: string;
  Labels?: Record<string, string>;
  StopSignal?: string;
  OnBuild?: string[];
}

/**
 * Settings from instructions of a Dockerfile, as `--change` of `import` and `commit` has them.
 *
 * @param lines one instruction each: `CMD ["sh"]`, `ENV A=b`, `EXPOSE 80/tcp`
 * @throws {MinicontainerError} `ESPEC` for one that is not known there, or has nothing to say
 */
export function settingsFrom(lines: readonly string[]): WrittenSettings {
  const settings: WrittenSettings = {};
  for (const line of lines) {
    const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
    const apply = instructions[word.toUpperCase()];
    if (apply === undefined || rest === '') {
      const fault = apply === undefined ? 'is no instruction for an image' : 'says nothing';
      throw new MinicontainerError('ESPEC', `--change ${JSON.stringify(line)} ${fault}`, {
        hint: `write one of ${Object.keys(instructions).join(', ')}, and its value`,
      });
    }
    apply(settings, rest, line);
  }
  return settings;
}

type Apply = (settings: WrittenSettings, value: string, line: string) => void;

const instructions: Readonly<Record<string, Apply>> = {
  CMD: (settings, value) => {
    settings.Cmd = command(value);
  },
  ENTRYPOINT: (settings, value) => {
    settings.Entrypoint = command(value);
  },
  ENV: (settings, value, line) => {
    for (const [name, text] of pairs(value, line)) {
      const others = (settings.Env ?? []).filter((entry) => !entry.startsWith(`${name}=`));
      settings.Env = [...others, `${name}=${text}`];
    }
  },
  EXPOSE: (settings, value, line) => {
    for (const port of words(value)) {
      if (!/^\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp|sctp))?$/.test(port)) {
        throw new MinicontainerError('ESPEC', `--change ${JSON.stringify(line)} has a wrong port`, {
          hint: 'write EXPOSE 80, or EXPOSE 53/udp',
        });
      }
      settings.ExposedPorts = {
        ...settings.ExposedPorts,
        [port.includes('/') ? port : `${port}/tcp`]: {},
      };
    }
  },
  LABEL: (settings, value, line) => {
    settings.Labels = {...settings.Labels, ...Object.fromEntries(pairs(value, line))};
  },
  ONBUILD: (settings, value) => {
    settings.OnBuild = [...(settings.OnBuild ?? []), value];
  },
  STOPSIGNAL: (settings, value) => {
    settings.StopSignal = value;
  },
  USER: (settings, value) => {
    settings.User = value;
  },
  VOLUME: (settings, value) => {
    for (const path of list(value) ?? words(value)) {
      settings.Volumes = {...settings.Volumes, [path]: {}};
    }
  },
  WORKDIR: (settings, value) => {
    settings.WorkingDir = value;
  },
};

/** A list of words, or a line for the shell. */
function command(value: string): string[] {
  return list(value) ?? ['/bin/sh', '-c', value];
}

function list(value: string): string[] | undefined {
  if (!value.startsWith('[')) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    const isList = Array.isArray(parsed) && parsed.every((item) => typeof item === 'string');
    return isList ? parsed.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/** `A=b C="d e"`, or the old form of one: `A b`. */
function pairs(value: string, line: string): [string, string][] {
  const [, name, text] = /^([^\s=]+)\s+(.*)$/s.exec(value) ?? [];
  if (name !== undefined && text !== undefined) return [[name, text]];
  return words(value).map((word) => {
    const equals = word.indexOf('=');
    if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
    throw new MinicontainerError('ESPEC', `--change ${JSON.stringify(line)} has no NAME=VALUE`);
  });
}

/** Split at blanks outside of quotes, which are taken away, as are backslashes before what they save. */
function words(value: string): string[] {
  const found = value.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gs) ?? [];
  return found.map((word) =>
    word.replace(
      /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs,
      (_, double?: string, single?: string, escaped?: string) =>
        double?.replace(/\\(["\\$])/g, '$1') ?? single ?? escaped ?? '',
    ),
  );
}
