import type { HostConstants } from '../core/launcher/host-constants.ts';
import type { LauncherHost } from '../core/launcher/launcher-host.ts';
import type { Argument, Step, Variable } from '../core/launcher/program.ts';
import type { DescribedStep } from './described-step.ts';
import type { NamespaceSetup } from './setup.ts';

/** What the parts of a namespace's program are made from. */
export interface Builder {
  readonly host: LauncherHost;
  readonly constants: HostConstants;
  readonly setup: NamespaceSetup;
  /** Hands a text over as an argument of the launcher. */
  readonly text: (text: string) => Argument;
}

export const reportDescriptor = 3;

/** Where the parent tells the launcher that the id maps are written. */
export const goAheadDescriptor = 4;

export const oldRoot: Variable = { variable: 'oldRoot' };

export const optional = { onError: 'ignore' } as const;

export function step(
  doing: string,
  call: Step['call'],
  args: Step['arguments'],
  rest: Omit<Step, 'call' | 'arguments'> = {},
): DescribedStep {
  return { doing, call, arguments: args, ...rest };
}

export function isLittle(host: LauncherHost): boolean {
  return host.identity.endianness === 'little';
}
