import { architectures, type Architecture } from '../core/architecture.ts';
import type { Examination } from './examination.ts';
import { coverages, type Coverage } from './facts/coverage.ts';
import { tableStatus } from './facts/status.ts';

/** What happens to the programs of one architecture. */
export interface ArchitectureState {
  /** As commands are shown with: Debian's name, or QEMU's. */
  readonly name: string;
  /** OCI's: `linux/arm64`; undefined where there is none. */
  readonly platform: string | undefined;
  /** `untested`: an entry takes them, and there is no probe for them. */
  readonly state: 'native' | 'emulated' | 'untested' | 'fails';
  /** By what they run, or what they fail with. */
  readonly detail: string;
}

/** Of all architectures, those that run first. What it throws is why it could not be found out. */
export function architectureMatrix(examination: Examination): readonly ArchitectureState[] {
  const { native, table } = tableStatus(examination);
  const covered = coverages(examination);
  const isInForce = table.state === 'mounted' && table.enabled;
  const states = architectures.map((architecture) => {
    const { name, debian, platforms } = architecture;
    return {
      name: debian[0] ?? name,
      platform: platforms[0],
      ...stateOf(architecture, native.includes(name), isInForce ? covered.get(name) : undefined),
    };
  });
  return order.flatMap((wanted) => states.filter(({ state }) => state === wanted));
}

const order: readonly ArchitectureState['state'][] = ['native', 'emulated', 'untested', 'fails'];

function stateOf(
  { name }: Architecture,
  isNative: boolean,
  coverage: Coverage | undefined,
): Pick<ArchitectureState, 'state' | 'detail'> {
  if (isNative) return { state: 'native', detail: 'the processor, proven by executing' };
  const { winner, disabled = [], proof } = coverage ?? {};
  if (winner === undefined) {
    const [off] = disabled;
    const why = off === undefined ? 'no entry takes them' : `the entry ${off.status.name} is disabled`;
    return { state: 'fails', detail: `Exec format error (ENOEXEC): ${why}` };
  }
  const { status, entry } = winner;
  const version = status.emulator?.version;
  const by = `${entry.interpreter}${version === undefined ? '' : `, QEMU ${version}`} (entry ${status.name}, of ${status.owner.kind})`;
  if (proof?.status === 'proven') return { state: 'emulated', detail: by };
  if (proof?.status === 'failed') return { state: 'fails', detail: `${proof.reason}; ${by}` };
  return {
    state: 'untested',
    detail: `${by}${proof === undefined ? '' : `: ${proof.reason}`}; ${name} was not executed`,
  };
}
