import { explicitCommand, type ExplicitRun } from './exec.ts';

/** A program that waits for a debugger. */
export interface DebuggedRun extends ExplicitRun {
  /** A TCP port, or the path of a socket. */
  readonly listen: number | string;
}

/** The argument vector that starts it. QEMU takes either behind `-g`: https://www.qemu.org/docs/master/user/main.html */
export function debugCommand(run: DebuggedRun): [string, ...string[]] {
  const [emulator, ...words] = explicitCommand(run);
  return [emulator, '-g', `${run.listen}`, ...words];
}

/**
 * The argument vector that attaches gdb to it.
 *
 * @param debuggedBy the gdb program
 */
export function debuggerCommand(
  { listen, binary, sysroot }: Pick<DebuggedRun, 'listen' | 'binary' | 'sysroot'>,
  debuggedBy = 'gdb-multiarch',
): string[] {
  const target = typeof listen === 'number' ? `127.0.0.1:${listen}` : listen;
  // An empty one is the target's, whose files gdb would fetch through the server.
  const libraries = sysroot === undefined ? [] : ['-ex', `set sysroot ${sysroot}`];
  return [debuggedBy, ...libraries, '-ex', `target remote ${target}`, binary];
}
