import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../../../src/index.ts';
import { removeAllEntries } from '../../binfmt-table.ts';
import type { Contender, Peer } from '../../contender.ts';
import { findProgram, runProgram } from '../../programs.ts';
import { checkEntries } from '../check-entries.ts';
import { interpreterOfArm64 } from '../rules.ts';
import type { Stage } from '../stage.ts';

/** binfmt-support, with directories of its own: a package's installation (`--import`), and each boot (`--enable`). */
export function updateBinfmts({ scratch, rules }: Stage): Peer[] {
  const program = findProgram('update-binfmts');
  const [importing, enabling] = ['update-binfmts --import', 'update-binfmts --enable'];
  if (program === undefined)
    return [importing, enabling].map((name) => ({ name, missing: 'no such program' }));
  const formats = join(scratch, 'binfmts');
  mkdirSync(formats);
  for (const rule of rules) writeFileSync(join(formats, rule.name), formatFile(rule));
  const command = (database: string, action: string) => [
    program,
    '--admindir',
    database,
    '--importdir',
    formats,
    action,
  ];
  const [empty, filled] = [join(scratch, 'binfmts-empty'), join(scratch, 'binfmts-filled')];
  for (const database of [empty, filled]) mkdirSync(database);
  runProgram(command(filled, '--import'));
  removeAllEntries();
  const check = () => checkEntries(interpreterOfArm64(rules));
  const contender = (name: string, words: readonly string[], reset: () => void): Contender => ({
    name,
    run: () => {
      runProgram(words);
      return undefined;
    },
    check,
    reset,
  });
  return [
    contender(importing, command(empty, '--import'), () => {
      removeAllEntries();
      rmSync(empty, { recursive: true });
      mkdirSync(empty);
    }),
    // Not by `--disable`: it unmounts the table.
    contender(enabling, command(filled, '--enable'), removeAllEntries),
  ];
}

/** update-binfmts(8), "FORMAT FILES". */
function formatFile({ interpreter, magic, mask, offset, flags }: Rule): string {
  const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');
  return [
    'package anyarch-bench',
    `interpreter ${interpreter}`,
    `magic ${escaped(magic)}`,
    ...(mask === undefined ? [] : [`mask ${escaped(mask)}`]),
    `offset ${offset}`,
    `credentials ${yesOrNo(flags.credentials)}`,
    `preserve ${yesOrNo(flags.preserveArgv0)}`,
    `fix_binary ${yesOrNo(flags.fixBinary)}`,
    '',
  ].join('\n');
}

function escaped(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
