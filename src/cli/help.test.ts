import { describe, expect, it } from 'vitest';
import { commands } from './commands/index.ts';
import { handlers } from './handlers/index.ts';
import { commandHelp, overview } from './help.ts';
import { parseCommandLine } from './parse.ts';
import { openTerminal } from './terminal.ts';

const { style } = openTerminal({}, {}, {});

describe('help', () => {
  it('lists every command', () => {
    for (const command of commands) expect(overview(commands, style)).toContain(command.name);
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    'of %s has examples that parse',
    (_name, command) => {
      const help = commandHelp(command, style);
      expect(command.examples.length).toBeGreaterThan(0);
      const words = command.examples.map((example) =>
        example.command.replace(/^.*?(sudo |\()?anyarch /, '').replace(/\)$/, ''),
      );
      for (const example of command.examples) expect(help).toContain(example.command);
      for (const line of words) expect(parseCommandLine(line.split(' '), commands).command).toBe(command);
    },
  );

  it.each(commands.map((command) => command.name))('%s has a handler', async (name) => {
    expect(typeof (await handlers[name]())).toBe('function');
  });
});
