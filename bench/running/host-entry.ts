import { existsSync } from 'node:fs';
import type { Rule } from '../../src/index.ts';
import { acquireLock } from '../../test/support/lock.ts';
import { registerRule, removeEntry, tablePath } from '../binfmt-table.ts';
import type { Library } from '../library.ts';
import { runProgram } from '../programs.ts';

const name = 'anyarch-bench';
let mountedHere = false;

/**
 * Has one more entry in the host's table while `action` runs; also when the process exits early. The newest entry wins, so
 * whatever else there is stays untouched.
 * @param action is told why there is no entry, where there can be none
 */
export async function withHostEntry<T>(
  library: Library,
  rule: Rule,
  action: (unregistered: string | undefined) => Promise<T>,
): Promise<T> {
  // The end-to-end tests hold it, too.
  const release = await acquireLock('/tmp/anyarch-test-host-table.lock');
  process.on('exit', leave);
  try {
    return await action(enter(library, rule));
  } finally {
    leave();
    process.off('exit', leave);
    await release();
  }
}

/** @returns why it cannot be done */
function enter(library: Library, rule: Rule): string | undefined {
  const flags = { ...rule.flags, fixBinary: true };
  try {
    if (!isMounted()) {
      runProgram(['mount', '-t', 'binfmt_misc', 'binfmt_misc', tablePath]);
      mountedHere = true;
    }
    registerRule(new TextDecoder().decode(library.formatRule({ ...rule, name, flags })));
    return undefined;
  } catch (error) {
    return `the host's table takes no entry: ${String(error)}`;
  }
}

function leave(): void {
  if (existsSync(`${tablePath}/${name}`)) removeEntry(name);
  if (mountedHere) runProgram(['umount', tablePath]);
  mountedHere = false;
}

/** Looking below the path makes an automount point mount. */
function isMounted(): boolean {
  return existsSync(`${tablePath}/register`);
}
