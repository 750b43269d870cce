import type { Host } from '../../host/host.ts';
import { ensureMounted, withTableLock } from '../../registration/index.ts';
import type { Dialect, DialectOutcome } from '../dialect.ts';
import { fatalOutcome } from '../problem.ts';
import { clearTargets } from './clear-targets.ts';
import { listFiles } from './list-files.ts';
import { readQusWish, type QusWish, type ScriptWish } from './options.ts';
import { registerTargets } from './register-targets.ts';
import { runShell } from './run-shell.ts';
import { usageText } from './usage.ts';
import { writeFiles } from './write-files.ts';

/**
 * dbhi/qus' command line: `[-h][-i][-l][-s][-- ARGS]`, ARGS for its variant of QEMU's qemu-binfmt-conf.sh.
 *
 * @throws AnyarchError what registering and exporting throw
 */
export const qus: Dialect = ({ host, words }) => {
  const wish = wishOrUsage(words, host);
  if ('exitCode' in wish) return wish;
  if (wish.help) return { exitCode: 0, stdout: usageText(), stderr: '' };
  if (wish.command !== undefined) return runShell(host, wish.command);
  const done = wish.script === undefined ? nothing : carryOut(host, wish.script);
  if (!wish.list) return done;
  ensureMounted(host);
  return { ...done, stdout: done.stdout + listFiles(host, host.binfmt.path) };
};

function wishOrUsage(words: readonly string[], { system }: Pick<Host, 'system'>): QusWish | DialectOutcome {
  try {
    return readQusWish(words, system.environment);
  } catch (error) {
    const { exitCode, stdout, stderr } = fatalOutcome(error, 'error: ');
    return { exitCode, stdout, stderr: usageText() + stderr };
  }
}

const nothing: DialectOutcome = { exitCode: 0, stdout: '', stderr: '' };

function carryOut(host: Host, wish: ScriptWish): DialectOutcome {
  switch (wish.mode) {
    case 'systemd':
    case 'debian':
      return writeFiles(host, wish.mode, wish);
    case 'clear':
      ensureMounted(host);
      return withTableLock(host, (locked) => clearTargets(locked, wish));
    case 'register':
      if (wish.test) ensureMounted(host);
      return registerTargets(host, wish);
  }
}
