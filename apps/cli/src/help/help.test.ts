import {describe, expect, it} from 'vitest';
import {commandNames, loadCommand} from '../commands/index.ts';
import {parseCommand} from '../program/parse.ts';
import {renderCommandHelp} from './command.ts';
import {renderOverview} from './overview.ts';

describe('help', () => {
  it('lists every command that people call, and no other', async () => {
    const overview = await renderOverview();
    for (const name of commandNames()) expect(overview).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    expect(overview).not.toContain('__');
  });

  it.each(commandNames())('of %s names its flags, within 100 columns', async (name) => {
    const help = renderCommandHelp(await loadCommand(name));
    expect(help).toMatch(new RegExp(`^Usage: minicontainer ${name}`));
    expect(help).toMatch(/^ {6}--help +Show this help$/m);
    expect(help).not.toContain('`');
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it.each(commandNames())('of %s has examples that its command line accepts', async (name) => {
    const {commandHelp} = await loadCommand(name);
    expect(commandHelp.examples.length).toBeGreaterThan(0);
    for (const [, line] of commandHelp.examples) {
      const [, ours = ''] = /minicontainer (.*?)(?: [|<>].*)?$/.exec(line) ?? [];
      const words = [...ours.matchAll(/'([^']*)'|"([^"]*)"|\S+/g)].map(
        ([plain, single, double]) => single ?? double ?? plain,
      );
      const [word = '', ...argv] = words;
      if (word === '--version') continue;
      expect(word).toBe(name);
      expect(parseCommand(await loadCommand(name), argv)).toBeDefined();
    }
  });

  it('puts the placeholder of a value behind its flag', async () => {
    const help = renderCommandHelp(await loadCommand('run'));
    expect(help).toMatch(/^ {2}-e, --env NAME=VALUE {2}/m);
    expect(help).toMatch(/^ {6}--network MODE /m);
    expect(help).toMatch(/^ {2}-i, --interactive {2}/m);
  });
});
