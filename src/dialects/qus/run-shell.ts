import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import type { DialectOutcome } from '../dialect.ts';

/** The shell that qus has and anyarch's images do not. */
const shell = '/bin/sh';

/** Milliseconds: a whole day, as there is nothing to end it otherwise. */
const timeoutMs = 24 * 60 * 60 * 1000;

/** @throws AnyarchError ANYARCH_USAGE without a command, ANYARCH_FILE where there is no shell */
export function runShell(
  { files, processes }: Pick<Host, 'files' | 'processes'>,
  words: readonly string[],
): DialectOutcome {
  if (words.length === 0)
    throw new AnyarchError('ANYARCH_USAGE', '--interactive needs a command', { hint: '-i ls' });
  if (!files.isExecutable(shell)) {
    throw new AnyarchError('ANYARCH_FILE', `--interactive needs ${shell}, which this image does not have`, {
      hint: 'execute the command in an image that has a shell: docker run --rm --privileged busybox sh -c …',
    });
  }
  const { exitCode, stdout, stderr } = processes.run([shell, '-c', words.join(' ')], { timeoutMs });
  return { exitCode: exitCode ?? 1, stdout, stderr };
}
