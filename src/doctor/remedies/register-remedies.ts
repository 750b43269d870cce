import type { Examination } from '../examination.ts';
import type { Remedy } from '../verdict.ts';
import { commandName, registerRemedy } from './register.ts';

/**
 * Register ours for these architectures: it goes in front of whatever is disabled, broken or in the way, which stays as it is. Who is
 * not root gets first what needs none.
 *
 * @param architectures QEMU's target names; empty: none is known, and the command has to be completed
 */
export function registerRemedies(
  examination: Pick<Examination, 'host' | 'file' | 'scope'>,
  architectures: readonly string[],
): readonly [Remedy, ...Remedy[]] {
  const names = architectures.map(commandName);
  if (names.length === 0)
    return [{ does: 'register the architecture of the program: anyarch register ARCH', by: 'user' }];
  const does = `register ${names.join(', ')} for the whole machine, proven by executing a program`;
  const register = registerRemedy(architectures, does);
  if (examination.host.system.uid === 0) return [register];
  const asRoot: Remedy = { ...register, command: ['sudo', ...(register.command ?? [])], by: 'user' };
  const without = withoutRoot(examination, names);
  return without === undefined ? [asRoot] : [without, asRoot];
}

function withoutRoot(
  { scope, file }: Pick<Examination, 'file' | 'scope'>,
  names: readonly string[],
): Remedy | undefined {
  if (scope === 'docker' || scope === 'podman' || scope === 'buildah' || scope === 'apptainer')
    return {
      does: `have your own ${scope} run it, without root`,
      command: ['anyarch', 'rootless', 'enable', scope, ...names.flatMap((name) => ['-a', name])],
      by: 'anyarch',
    };
  if (scope !== undefined || file === undefined) return undefined;
  return {
    does: 'run it without root and without a change of the machine',
    command: ['anyarch', 'exec', file],
    by: 'user',
  };
}
