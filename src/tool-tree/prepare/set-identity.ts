import type { Host } from '../../host/host.ts';
import { setFormat } from '../make-set.ts';
import { digestOfValue, setNameOf } from './digest.ts';
import type { Making, SetPlan } from './making.ts';
import type { NativeProgram } from './native-programs.ts';

export interface SetIdentity {
  readonly id: string;
  readonly inputs: string;
}

/** A set is called by everything that it is made from, so the same is found again, and another never taken for it. */
export function setIdentity(
  host: Pick<Host, 'system'>,
  { options }: Pick<Making, 'options'>,
  { group, guestArchitecture }: SetPlan,
  programs: readonly NativeProgram[],
): SetIdentity {
  const inputs = digestOfValue({
    format: setFormat,
    version: options.version,
    machine: host.system.machine,
    group,
    guestArchitecture,
    programs: programs.map(({ planned: { name, tool, guest, host: native, variables } }) => ({
      name,
      package: native.package.sha256,
      path: native.path,
      adapt: tool.adapt ?? null,
      dlopens: (tool.dlopens ?? []).map((one) => `${one.package} ${one.path}`),
      // Adapting reads the guest's program.
      ...(tool.adapt === undefined
        ? {}
        : { guest: guest.package.sha256, triplet: variables['triplet'] ?? '' }),
    })),
    packages: [
      ...new Set(programs.flatMap(({ host: { packages } }) => [...packages].map((one) => one.sha256))),
    ].toSorted(),
  });
  return { id: setNameOf(inputs), inputs };
}
