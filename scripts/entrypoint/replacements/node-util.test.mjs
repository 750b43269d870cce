import { parseArgs as nodes } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseArgs } from './node-util.js';

const options = {
  all: { type: 'boolean', short: 'a' },
  bare: { type: 'boolean' },
  name: { type: 'string', short: 'n' },
  list: { type: 'string', short: 'l', multiple: true },
  many: { type: 'boolean', short: 'm', multiple: true },
};

const word = fc.oneof(
  fc.constantFrom('--', '-', '', '-a', '-n', '-l', '-m', '--all', '--bare', '--name', '--list', '--many'),
  fc.constantFrom(
    '--name=',
    '--list=x',
    '--all=x',
    '--nme',
    '--=x',
    '--==',
    '---',
    '-=',
    '--__proto__',
    '-x',
    'toString',
  ),
  fc.string({ unit: fc.constantFrom('-', 'a', 'm', 'n', 'l', '=', 'z'), maxLength: 6 }),
  fc.string({ maxLength: 4 }),
);

/** What came out, or the error, told apart by its class as src/cli/parse.ts does. */
function outcomeOf(parse, config) {
  try {
    const { values, positionals, tokens } = parse(config);
    return {
      values: { ...values },
      positionals,
      tokens: config.tokens && tokens.map(({ kind, index }) => ({ kind, index })),
    };
  } catch (error) {
    return { isTypeError: error instanceof TypeError, message: error.message };
  }
}

it.each([
  { allowPositionals: true, tokens: true },
  { allowPositionals: true, tokens: true, strict: false },
])('says what Node says: %o', (settings) => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (args) => {
      const config = { args, options, ...settings };
      expect(outcomeOf(parseArgs, config)).toEqual(outcomeOf(nodes, config));
    }),
    { numRuns: 2000 },
  );
});
