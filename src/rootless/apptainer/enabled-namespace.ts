import { shellWord } from '../../core/shell-word.ts';
import type { EngineContext } from '../engine.ts';
import type { ShimOptions } from '../shim.ts';

/**
 * What a command is put behind to run in a namespace that has the entries, with the user's own ids. util-linux' unshare
 * becomes the command, whose process is the one that was started: signals and jobs are as without it, and an instance
 * keeps the namespace for as long as it runs. Where only another unshare is there, `anyarch run` does it, whose
 * namespace ends with the command.
 */
export function enabledNamespace(
  context: Pick<EngineContext, 'host' | 'state' | 'program' | 'command'>,
): Pick<ShimOptions, 'within' | 'check'> {
  const { host, state, program, command } = context;
  if (!hasUnshare(host)) {
    const [node = '', script = ''] = command;
    return {
      within: [...command, 'run', '--keep-id', '--'],
      check: ['test', '-x', node, '-a', '-r', script],
    };
  }
  const { uid, gid } = host.system;
  const ensure = [program, 'rootless', 'ensure', '--state', state, '--hook'].map(shellWord).join(' ');
  const back = `exec unshare --user --map-user=${uid} --map-group=${gid} -- "$@"`;
  const root = ['unshare', '--user', '--map-root-user', '--mount'];
  return {
    // What the host mounts later is seen, as without a namespace.
    within: [
      ...root,
      ...['--propagation', 'slave', 'sh', '-c', `${ensure} </dev/null >/dev/null 2>&1; ${back}`, 'sh'],
    ],
    check: [
      'sh',
      '-c',
      'test -z "${APPTAINER_FAKEROOT-}" && exec "$@"',
      'sh',
      ...root,
      'test',
      '-x',
      program,
    ],
  };
}

/** `--map-user` came with util-linux 2.36, before the kernels that have private tables; busybox has another unshare. */
function hasUnshare({ processes }: Pick<EngineContext['host'], 'processes'>): boolean {
  const { exitCode, stdout } = processes.run(['unshare', '--help'], { timeoutMs: 5000 });
  return exitCode === 0 && stdout.includes('--map-user');
}
