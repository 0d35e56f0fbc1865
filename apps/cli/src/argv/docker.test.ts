import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {RunCommand} from '../commands/run.ts';
import {parseCommand} from '../program/parse.ts';
import {UsageError} from '../program/usage.ts';

/** One command line, and what the real `docker` made of it: scripts/record-docker.mjs wrote it down. */
interface DockerLine {
  readonly argv: readonly string[];
  readonly docker?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

const lines: DockerLine[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'docker-lines.json'), 'utf8'),
);

/** A parsed command in the words of the record: what is off, empty or not given is left out. */
function inDockerWords(command: RunCommand): Record<string, unknown> {
  const all = {
    positionals: command.words,
    env: command.env,
    tty: command.tty || undefined,
    interactive: command.interactive || undefined,
    user: command.user || undefined,
    workdir: command.workdir,
    hostname: command.hostname,
    entrypoint: command.entrypoint,
    platform: command.platform,
    rm: command.rm || undefined,
    readOnly: command.readOnly || undefined,
    init: command.init || undefined,
    privileged: command.privileged || undefined,
    network: command.network?.at(-1),
    volume: command.volume,
    capAdd: command.capAdd,
    capDrop: command.capDrop,
    tmpfs: command.tmpfs?.map((text) => text.replace(/:.*/, '')),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

describe('run reads its flags as docker does', () => {
  it('for a table of at least forty lines', () => {
    expect(lines.length).toBeGreaterThanOrEqual(40);
  });

  it.each(lines)('run $argv', ({argv, docker}) => {
    if (docker === undefined) {
      expect(() => parseCommand(RunCommand, argv)).toThrow(UsageError);
      return;
    }
    const command = parseCommand(RunCommand, argv);
    expect(command).toBeDefined();
    if (command !== undefined) expect(inDockerWords(command)).toEqual(docker);
  });
});
