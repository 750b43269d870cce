import { randomBytes } from 'node:crypto';
import { lookUpArchitecture } from '../../core/architecture.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import type { Tools } from '../tools/tools.ts';
import { payloads } from './payload.ts';
import { proveAccelerator } from './prove.ts';

export interface ChosenAccelerator {
  readonly accelerator: 'tcg' | 'kvm';
  /** For people. */
  readonly reason: string;
  /** The processor could run the guest's programs natively, and KVM is not usable: worth telling. */
  readonly isFallback: boolean;
}

/** KVM where a guest has been seen to run by it; else QEMU's own emulation, with the reason. */
export function chooseAccelerator(
  host: Pick<Host, 'processes' | 'files' | 'system'>,
  { name, architecture, bus }: Pick<MachineDefinition, 'name' | 'architecture' | 'bus'>,
  tools: Pick<Tools, 'qemu' | 'environment'>,
): ChosenAccelerator {
  const emulated = (reason: string, isFallback = false): ChosenAccelerator => ({
    accelerator: 'tcg',
    reason,
    isFallback,
  });
  if (lookUpArchitecture(host.system.machine)?.name !== architecture)
    return emulated(`${name} is emulated: this machine is ${host.system.machine}`);
  if (bus === 'board') return emulated(`${name} is a board that QEMU emulates whole`);
  if (host.files.linkStatus('/dev/kvm') === undefined) return emulated('there is no /dev/kvm', true);
  const payload = payloads.find((one) => one.architecture === architecture);
  if (payload === undefined) return emulated(`KVM cannot be proven to work for ${architecture}`, true);
  const proof = proveAccelerator(
    host,
    tools,
    payload,
    { name: 'kvm', cpu: 'host' },
    `${stateDirectory(host.system)}/machine-probes/${randomBytes(6).toString('hex')}`,
  );
  if (proof.works) return { accelerator: 'kvm', reason: 'a guest has run by KVM', isFallback: false };
  return emulated(`KVM is there and does not run guests: ${proof.reason}`, true);
}
