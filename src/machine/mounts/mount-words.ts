import type { MachineDefinition } from '../definition/definition.ts';
import type { Mount } from '../record.ts';
import { mountTag } from './mount.ts';

export interface MountRequest {
  readonly definition: Pick<MachineDefinition, 'bus'>;
  readonly mounts: readonly Mount[];
  /** Path of the socket that virtiofsd listens on. */
  readonly socket: (index: number) => string;
}

/**
 * QEMU's words for the directories of the host that a guest sees. The guest's memory must be shared with virtiofsd:
 * `memory-backend-memfd,share=on`. Whether there can be any says `checkMounts`.
 */
export function mountWords({ definition, mounts, socket }: MountRequest): string[] {
  return mounts.flatMap((mount, index) => [
    '-chardev',
    `socket,id=mount${index},path=${socket(index).replaceAll(',', ',,')}`,
    '-device',
    // More requests at a time than the default of 128 make reading many small files quicker.
    `vhost-user-fs-${definition.bus},chardev=mount${index},tag=${mountTag(mount, index)},queue-size=1024`,
  ]);
}
