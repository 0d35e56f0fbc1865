import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {expect} from 'vitest';
import type {EngineArena} from './arena.ts';
import {execute} from './command.ts';
import {runtimePath} from './runtime.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/engines.md'), 'utf8');

/** What stands in docs/engines.md: the first block of a language in a section. */
export function blockOf(section: string, language: string): string {
  const [, text = ''] = document.split(`\n## ${section}\n`);
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(
    text.split('\n## ')[0] ?? '',
  );
  if (block?.[1] === undefined) throw new Error(`no ${language} in section ${section}`);
  return block[1];
}

/** All commands of a section, in their order. */
export function commandsOf(section: string): string {
  const [, text = ''] = document.split(`\n## ${section}\n`);
  const blocks = (text.split('\n## ')[0] ?? '').matchAll(/^```sh\n(.*?)^```$/gms);
  return [...blocks].map(([, block = '']) => block).join('');
}

/** Puts the runtime where the document says that it is, for those within. */
export async function installAsDocumented(arena: EngineArena): Promise<void> {
  const directory = join(arena.scratch, 'bin');
  mkdirSync(directory);
  symlinkSync(runtimePath(), join(directory, 'minicontainer-oci'));
  const options = `lowerdir=${directory}:/usr/local/bin`;
  await arena.run(['mount', '-t', 'overlay', 'overlay', '-o', options, '/usr/local/bin']);
}

/** A file of a section, where somebody who follows it would have it. */
export function writeBlock(arena: EngineArena, section: string, path: string): string {
  const file = join(arena.scratch, basename(path));
  const language = path.split('.').at(-1) ?? '';
  writeFileSync(file, blockOf(section, language));
  return file;
}

/**
 * Types commands, one after the other; each must succeed, and print what the document promises.
 *
 * @param within words before each of them
 */
export async function type(
  commands: string,
  within: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const lines = commands.trimEnd().split('\n');
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('#')) continue;
    const {status, stdout, stderr} = await execute([...within, 'sh', '-c', line], {env});
    expect({line, status, stderr}).toEqual({line, status: 0, stderr: expect.anything()});
    const promised = /^# prints: (.*)$/.exec(lines[at + 1] ?? '')?.[1];
    if (promised !== undefined) expect({line, stdout}).toEqual({line, stdout: `${promised}\n`});
  }
}
