import type { MachineDefinition } from '../definition/definition.ts';
import type { MachinePlaces } from '../places.ts';
import type { MachineRecord } from '../record.ts';
import type { Tools } from '../tools/tools.ts';

export interface QemuCommandInput {
  readonly record: MachineRecord;
  readonly definition: MachineDefinition;
  readonly tools: Pick<Tools, 'qemu' | 'firmware'>;
  readonly places: Pick<MachinePlaces, 'disk' | 'seed' | 'variables' | 'console'>;
  /** Absolute paths. */
  readonly sockets: CommandSockets;
  /** Netdevs with their devices. */
  readonly networkWords: readonly string[];
  /** Character devices and devices of mounts; their memory is shared then. */
  readonly mountWords: readonly string[];
  /** Where the machine goes on from, instead of booting. */
  readonly incomingWords: readonly string[];
}

export interface CommandSockets {
  readonly console: string;
  readonly qmp: string;
  readonly guestAgent: string;
}
