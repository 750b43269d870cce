import { describe, expect, it } from 'vitest';
import { commands } from './commands/index.ts';
import { parseCommandLine } from './parse.ts';

const parse = (...words: string[]): ReturnType<typeof parseCommandLine> => parseCommandLine(words, commands);

describe('parseCommandLine', () => {
  it('finds commands of one and of two words', () => {
    expect(parse('status', '--json')).toMatchObject({ command: { name: 'status' }, json: true });
    expect(parse('emulators', 'fetch', 'arm64', '--suite=trixie')).toMatchObject({
      command: { name: 'emulators fetch' },
      positionals: ['arm64'],
      options: { suite: 'trixie' },
    });
  });

  it.each([
    ['with --', ['run', '-a', 's390x', '-e', 'A=1', '--', 'uname', '-m', '--json']],
    ['without --', ['run', '-a', 's390x', '-e', 'A=1', 'uname', '-m', '--json']],
    ['with joined options', ['run', '-as390x', '--env=A=1', 'uname', '-m', '--json']],
  ])("leaves the guest's words alone %s", (_how, words) => {
    expect(parse(...words)).toMatchObject({
      positionals: ['uname', '-m', '--json'],
      options: { arch: 's390x', env: ['A=1'] },
      json: false,
      help: false,
    });
  });

  it('takes a guest that begins with a dash behind --', () => {
    expect(parse('run', '--', '-weird').positionals).toEqual(['-weird']);
    // What the guest makes of it is his.
    expect(parse('run', '--', 'echo', '').positionals).toEqual(['echo', '']);
    // A second -- is the guest's.
    expect(parse('run', '--', 'env', '--', 'x').positionals).toEqual(['env', '--', 'x']);
  });

  it.each([['persist'], ['image'], ['emulators']])('shows the help of the group %s', (group) => {
    for (const words of [
      [group, '--help'],
      [group, '-h'],
      ['help', group],
    ])
      expect(parse(...words)).toMatchObject({ command: undefined, group, help: true });
    expect(parse(group, '--json', '--help')).toMatchObject({ group, json: true });
    expect(() => parse(group)).toThrow(expect.objectContaining({ hint: `anyarch help ${group}` }) as Error);
    expect(() => parse(group, '--help', 'nonsense')).toThrowWithCode('ANYARCH_USAGE');
  });

  it('shows the help of every command and group behind "help"', () => {
    const words = commands.flatMap(({ name }) => [name, name.split(' ')[0] ?? '']);
    for (const word of new Set(words)) expect(parse('help', ...word.split(' ')).help).toBe(true);
    expect(parse('help', 'watch')).toMatchObject({ command: { name: 'watch' } });
    expect(() => parse('help', 'persits')).toThrowWithCode('ANYARCH_USAGE');
  });

  it.each([[[]], [['--help']], [['-h']], [['help']], [['help', 'help']], [['help', '--help']]])(
    'shows the overview for %j',
    (words) => {
      expect(parse(...words)).toMatchObject({ command: undefined, help: true });
    },
  );

  it('shows the help of a command however it is asked for', () => {
    for (const words of [
      ['help', 'run'],
      ['run', '--help'],
      ['run', '-h'],
    ])
      expect(parse(...words)).toMatchObject({ command: { name: 'run' }, help: true });
    expect(parse('help', 'emulators', 'list')).toMatchObject({
      command: { name: 'emulators list' },
      help: true,
    });
  });

  it.each([
    ['runn', 'anyarch run'],
    ['emulators ftech', 'anyarch emulators fetch'],
  ])('suggests what "%s" could have been', (words, suggestion) => {
    expect(() => parse(...words.split(' '))).toThrowWithCode('ANYARCH_USAGE');
    expect(() => parse(...words.split(' '))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(suggestion) as string }) as Error,
    );
  });

  it.each([
    ['an unknown option', ['run', '--volum', 'x']],
    ['a missing value', ['run', '--rootfs']],
    ['a value that a flag does not take', ['status', '--probe=yes']],
    ['a missing argument', ['explain']],
    ['a surplus argument', ['explain', 'a', 'b']],
    ['a wrong choice', ['completion', 'tcsh']],
    ['a group without a member', ['emulators']],
    ['an empty directory', ['export', 'systemd', '--dir', '']],
    ["an empty directory as QEMU's script has it", ['export', '--systemd', 'ALL', '--exportdir=']],
    ['an empty directory of emulators', ['export', 'systemd', '--qemu-path=']],
    ['an empty file', ['image', 'build', '-o', '']],
    ['an empty root', ['run', '--rootfs=', '--', 'true']],
    ['an empty emulator', ['register', '--qemu=']],
    ['an empty argument', ['explain', '']],
  ])('refuses %s', (_what, words) => {
    expect(() => parse(...words)).toThrowWithCode('ANYARCH_USAGE');
  });

  it('names the option that was meant', () => {
    expect(() => parse('run', '--volum', 'x')).toThrow('did you mean --volume?');
  });
});
