import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeAllEntries } from '../../binfmt-table.ts';
import type { Peer } from '../../contender.ts';
import { findProgram, runProgram } from '../../programs.ts';
import { checkEntries } from '../check-entries.ts';
import { interpreterOfArm64, ruleText } from '../rules.ts';
import type { Stage } from '../stage.ts';

/** Where it looks, the first one with a file of a name winning (binfmt.d(5)). */
const searched = ['/etc/binfmt.d', '/run/binfmt.d', '/usr/local/lib/binfmt.d', '/usr/lib/binfmt.d'];

/** As its unit runs it: it reads its directories, which in this mount namespace hold nothing but anyarch's rules. */
export function systemdBinfmt(stage: Stage): Peer {
  const name = 'systemd-binfmt';
  const program = findProgram('systemd-binfmt');
  if (program === undefined) return { name, missing: 'no such program' };
  const present = searched.filter((directory) => existsSync(directory));
  const used = present.at(-1);
  if (used === undefined) return { name, missing: `none of ${searched.join(', ')}` };
  return {
    name,
    prepare: () => {
      for (const directory of present) runProgram(['mount', '-t', 'tmpfs', 'tmpfs', directory]);
      mkdirSync(used, { recursive: true });
      for (const rule of stage.rules)
        writeFileSync(join(used, `${rule.name}.conf`), `${ruleText(stage, rule)}\n`);
    },
    run: () => {
      runProgram([program]);
      return undefined;
    },
    check: () => checkEntries(interpreterOfArm64(stage.rules)),
    reset: removeAllEntries,
  };
}
