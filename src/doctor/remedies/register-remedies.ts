import type { Examination } from '../examination.ts';
import type { Scope } from '../scopes.ts';
import type { Remedy } from '../verdict.ts';
import { commandName, registerRemedy } from './register.ts';

/**
 * Register ours for these architectures: it goes in front of whatever is disabled, broken or in the way, which stays as it is. Who is
 * not root gets first what needs none.
 *
 * @param architectures QEMU's target names; empty: none is known, and the command has to be completed
 * @param does what registering is good for here
 */
export function registerRemedies(
  examination: Pick<Examination, 'host' | 'file' | 'scope'>,
  architectures: readonly string[],
  does = `register ${architectures.map(commandName).join(', ')} for the whole machine, proven by executing a program`,
): readonly [Remedy, ...Remedy[]] {
  const names = architectures.map(commandName);
  if (names.length === 0) return withoutArchitecture(examination);
  const register = registerRemedy(architectures, does);
  if (examination.host.system.uid === 0) return [register];
  const asRoot: Remedy = { ...register, command: ['sudo', ...(register.command ?? [])], by: 'user' };
  const without = withoutRoot(examination, names);
  return without === undefined ? [asRoot] : [without, asRoot];
}

/** To be completed by who knows the architecture. */
function withoutArchitecture({
  host,
  scope,
}: Pick<Examination, 'host' | 'scope'>): readonly [Remedy, ...Remedy[]] {
  if (host.system.uid === 0)
    return [{ does: 'register the architecture of the program: anyarch register ARCH', by: 'user' }];
  const engine = scope !== undefined && isRootless(scope) ? scope : 'ENGINE';
  return [
    {
      does: `without root: anyarch exec -a ARCH PROGRAM for a program, anyarch rootless enable ${engine} -a ARCH for containers`,
      by: 'user',
    },
    {
      does: 'for the whole machine: sudo anyarch register ARCH',
      by: 'user',
      needsRoot: true,
    },
  ];
}

function withoutRoot(
  { scope, file }: Pick<Examination, 'file' | 'scope'>,
  names: readonly string[],
): Remedy | undefined {
  if (scope !== undefined && isRootless(scope))
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

/** Engines that people run without root. */
function isRootless(scope: Scope): boolean {
  return ['docker', 'podman', 'buildah', 'apptainer'].includes(scope);
}
