import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnyarchError } from './error.ts';
import { getopt, type OptionKind, type ParsedWords } from './getopt.ts';

const kinds = [
  { name: 'debian', long: 'debian', short: 'd', argument: 'none' },
  { name: 'help', long: 'help', short: 'h', argument: 'none' },
  { name: 'persistent', long: 'persistent', short: 'p', argument: 'required' },
  { name: 'preserve', long: 'preserve-argv0', short: 'g', argument: 'required' },
  { name: 'preserved', long: 'preserve', argument: 'required' },
  { name: 'colour', long: 'colour', short: 'o', argument: 'optional' },
] as const satisfies readonly OptionKind[];

const parse = (...words: string[]) => getopt(words, kinds);

describe('getopt', () => {
  test.each([
    [['-p', 'yes'], [['persistent', 'yes']]],
    [['-pyes'], [['persistent', 'yes']]],
    [
      ['-dhpyes'],
      [
        ['debian', undefined],
        ['help', undefined],
        ['persistent', 'yes'],
      ],
    ],
    [['--pers', 'no'], [['persistent', 'no']]],
    [['--persistent=a=b'], [['persistent', 'a=b']]],
    [['--persistent='], [['persistent', '']]],
    [['--preserve', 'x'], [['preserved', 'x']]],
    [['--preserve-', 'x'], [['preserve', 'x']]],
    [['-p', '--'], [['persistent', '--']]],
    [['-o'], [['colour', undefined]]],
    [['-ored'], [['colour', 'red']]],
    [['--col=red'], [['colour', 'red']]],
  ])('%j', (words, expected) => {
    const { options, operands } = parse(...words);
    expect(options.map(({ name, value }) => [name, value])).toEqual(expected);
    expect(operands).toEqual([]);
  });

  test('operands stand anywhere, and behind -- everything is one', () => {
    expect(parse('a', '-d', '-', 'b', '--', '-d', '--')).toEqual({
      options: [{ name: 'debian', value: undefined }],
      operands: ['a', '-', 'b', '-d', '--'],
    });
    expect(getopt(['-d', 'a', '-h'], kinds, { stopAtOperand: true })).toEqual({
      options: [{ name: 'debian', value: undefined }],
      operands: ['a', '-h'],
    });
  });

  test.each([
    [['--colouur'], 'unknown option "--colouur"', 'did you mean --colour?'],
    [['-x'], 'unknown option "-x"', /^known: --debian -d/],
    [['-dx'], 'unknown option "-x"', /^known/],
    [['--pres', 'x'], '"--pres" may be any of --preserve-argv0, --preserve', /^$/],
    [['--debian=yes'], '--debian takes no value, here "yes"', /^$/],
    [['-d', '-p'], '-p needs a value', /^$/],
    [['--pers'], '--persistent needs a value', /^$/],
  ])('refuses %j', (words, message, hint) => {
    const refused = (): unknown => parse(...words);
    expect(refused).toThrowWithCode('ANYARCH_USAGE');
    expect(refused).toThrow(message);
    expect(hintOf(refused)).toMatch(hint);
  });

  test('reads every command line as getopt(1) does', () => {
    const word = fc.oneof(
      fc.constantFrom('-d', '-h', '-p', '-pyes', '-dp', '-dhg', '-o', '-ored', '-do', '-x', '-', '--', '---'),
      fc.constantFrom('--debian', '--deb', '--debian=x', '--pers', '--persistent=no', '--pre', '--preserve'),
      fc.constantFrom(
        '--preserve-a=',
        '--colour',
        '--c=red',
        '--=x',
        '--p=1',
        '--help',
        'yes',
        'no',
        '',
        'a b',
      ),
      fc.string({ unit: fc.constantFrom('-', 'd', 'p', 'g', 'o', '=', 'e'), maxLength: 5 }),
    );
    const commandLine = fc.array(word, { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(commandLine, { minLength: 1, maxLength: 300 }), (lines) => {
        expect(lines.map(attempt)).toEqual(asGetopt1(lines));
      }),
      // One run with as many as there may be; from them a failure shrinks to the one that matters.
      {
        numRuns: 1,
        examples: [[fc.sample(commandLine, 300)]],
        interruptAfterTimeLimit: 3000,
        markInterruptAsFailure: true,
      },
    );
  });
});

function hintOf(refused: () => unknown): string {
  try {
    refused();
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof AnyarchError ? (error.hint ?? '') : String(error);
  }
}

function attempt(words: readonly string[]): unknown {
  try {
    const { options, operands } = getopt(words, kinds);
    return { options: options.map(({ name, value }) => [name, value ?? '']), operands };
  } catch (error) {
    if (error instanceof AnyarchError) return 'refused';
    throw error;
  }
}

/** What the real program makes of each of the command lines. */
function asGetopt1(commandLines: readonly (readonly string[])[]): unknown[] {
  const suffix = { none: '', required: ':', optional: '::' } as const;
  const short = kinds.map((kind) => ('short' in kind ? kind.short + suffix[kind.argument] : '')).join('');
  const long = kinds.map((kind) => kind.long + suffix[kind.argument]).join(',');
  const calls = commandLines.map((words) => ['getopt', '-o', short, '-l', long, '--', ...words].map(quoted));
  // One shell for all of them: it starts programs much faster than Node does.
  const script = calls.map((call) => `${call.join(' ')} 2>/dev/null; printf '%d\\0' $?\n`).join('');
  const { stdout } = spawnSync('sh', { input: script, encoding: 'utf8' });
  const answers = stdout.split('\0').slice(0, -1);
  return answers.map((answer) => {
    const end = answer.lastIndexOf('\n');
    return answer.slice(end + 1) === '0' ? readPrinted(answer.slice(0, end)) : 'refused';
  });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** `-p 'yes' --debian -- 'operand'`; an option without its optional value has ''. */
function readPrinted(stdout: string): unknown {
  const printed = [...stdout.trim().matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, inQuotes, bare]) => inQuotes ?? bare ?? '',
  );
  const end = printed.findIndex((one, index) => one === '--' && isBare(stdout, index));
  const options: ParsedWords['options'][number][] = [];
  for (let index = 0; index < end; index++) {
    const kind = kinds.find(
      (one) => `--${one.long}` === printed[index] || ('short' in one && `-${one.short}` === printed[index]),
    )!;
    options.push({ name: kind.name, value: kind.argument === 'none' ? undefined : printed[++index] });
  }
  return { options: options.map(({ name, value }) => [name, value ?? '']), operands: printed.slice(end + 1) };
}

/** Whether the word with this number was printed without quotation marks. */
function isBare(stdout: string, index: number): boolean {
  return !([...stdout.trim().matchAll(/'[^']*'|\S+/g)][index]?.[0].startsWith("'") ?? true);
}
