import type { EngineContext } from './engine.ts';

/** Seconds; ours takes some milliseconds, and two at once wait for each other. */
const longest = 20;

/**
 * What a hook is, as words that start with the path of a program. A hook that fails keeps every container from starting,
 * the native ones, too, and a program of ours may be of another machine's CPU (a home that machines share), half a file,
 * or not to be executed any more: so the system's shell is it, which succeeds whatever becomes of ours.
 *
 * What the kernel does not take for a program, shells and timeout(1) read as a script: in a directory and with a PATH
 * where that does no harm.
 */
export function hookCommand({ state, program }: Pick<EngineContext, 'state' | 'program'>): readonly string[] {
  return ['/bin/sh', '-c', script, 'sh', program, 'rootless', 'ensure', '--state', state, '--hook'];
}

const script = [
  'exec >/dev/null 2>&1',
  'cd / && [ -x "$1" ] || exit 0',
  'PATH=/',
  `if [ -x /usr/bin/timeout ]; then /usr/bin/timeout -s KILL ${longest} "$@" </dev/null; else "$@" </dev/null; fi`,
  'exit 0',
].join('; ');
