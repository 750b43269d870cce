import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { removeAllEntries } from '../../binfmt-table.ts';
import type { Peer } from '../../contender.ts';
import { runProgram } from '../../programs.ts';
import { checkEntries } from '../check-entries.ts';
import { targetOf } from '../rules.ts';
import type { Stage } from '../stage.ts';

/** Distributions differ in where it is, and most ship it in QEMU's source only. */
const usualPlaces = ['/usr/share/qemu', '/usr/libexec', '/usr/bin', '/usr/sbin', '/usr/local/bin'].map(
  (directory) => join(directory, 'qemu-binfmt-conf.sh'),
);

/** QEMU's own script. Its list of targets is its own: the number of entries can differ. */
export function qemuScript({ qemuScript: given, rules, scratch }: Stage): Peer {
  const name = 'qemu-binfmt-conf.sh';
  const script = given ?? usualPlaces.find((path) => existsSync(path));
  if (script === undefined) return { name, missing: 'give its path with --qemu-script' };
  const emulators = join(scratch, 'qemu');
  const command = ['sh', script, '--qemu-path', emulators, '--persistent', 'yes', '--preserve-argv0', 'yes'];
  return {
    name,
    prepare: () => {
      mkdirSync(emulators);
      for (const rule of rules) symlinkSync(rule.interpreter, join(emulators, `qemu-${targetOf(rule)}`));
    },
    run: () => {
      runProgram(command);
      return undefined;
    },
    check: () => checkEntries(join(emulators, 'qemu-aarch64')),
    reset: removeAllEntries,
  };
}
