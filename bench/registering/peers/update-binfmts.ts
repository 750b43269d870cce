import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../../../src/index.ts';
import { removeAllEntries } from '../../binfmt-table.ts';
import type { Peer } from '../../contender.ts';
import { findProgram, runProgram } from '../../programs.ts';
import { checkEntries } from '../check-entries.ts';
import { interpreterOfArm64 } from '../rules.ts';
import type { Stage } from '../stage.ts';

/** binfmt-support, with directories of its own: a package's installation (`--import`), and each boot (`--enable`). */
export function updateBinfmts(stage: Stage): Peer[] {
  const program = findProgram('update-binfmts');
  const names = { importing: 'update-binfmts --import', enabling: 'update-binfmts --enable' };
  if (program === undefined)
    return Object.values(names).map((name) => ({ name, missing: 'no such program' }));
  const call = (directory: string, action: string) => {
    const directories = [
      '--admindir',
      join(directory, 'database'),
      '--importdir',
      join(directory, 'formats'),
    ];
    runProgram([program, ...directories, action]);
  };
  const check = () => checkEntries(interpreterOfArm64(stage.rules));
  const [importing, enabling] = [join(stage.scratch, 'importing'), join(stage.scratch, 'enabling')];
  return [
    {
      name: names.importing,
      prepare: () => {
        writeFormats(importing, stage.rules);
      },
      run: () => {
        call(importing, '--import');
        return undefined;
      },
      check,
      reset: () => {
        removeAllEntries();
        rmSync(join(importing, 'database'), { recursive: true });
        mkdirSync(join(importing, 'database'));
      },
    },
    {
      name: names.enabling,
      prepare: () => {
        writeFormats(enabling, stage.rules);
        call(enabling, '--import');
        removeAllEntries();
      },
      run: () => {
        call(enabling, '--enable');
        return undefined;
      },
      check,
      // Not by `--disable`: it unmounts the table.
      reset: removeAllEntries,
    },
  ];
}

function writeFormats(directory: string, rules: readonly Rule[]): void {
  for (const name of ['database', 'formats']) mkdirSync(join(directory, name), { recursive: true });
  for (const rule of rules) writeFileSync(join(directory, 'formats', rule.name), formatFile(rule));
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
