import { randomUUID } from 'node:crypto';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { keyFiles, makeKeys } from '../access/keys.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { fittingDisk } from '../definition/disk-size.ts';
import { usesFirmware } from '../definition/uses-firmware.ts';
import { enginePackages } from '../engine/engine-setup.ts';
import { createDisk, tidyLayers } from '../layers/index.ts';
import { refuseForbiddenPorts } from '../network/allocate-network.ts';
import { machinePlaces, machinesDirectory } from '../places.ts';
import type { BaseImage, Forward, Hardware, MachineRecord, Mount } from '../record.ts';
import { writeFirstStart, type FirstStart } from '../seed/first-start.ts';
import { setsPassword } from '../seed/sets-password.ts';
import type { Tools } from '../tools/tools.ts';
import { removeUnfinished } from './clear-killed.ts';
import { copySparse } from './copy-sparse.ts';
import { withMachineLock } from './lock.ts';
import { checkMachineName, inTheWay, writeRecord, type Machine } from './machine.ts';
import { machineSeed } from './machine-seed.ts';

export interface MachineRequest {
  readonly name: string;
  readonly definition: MachineDefinition;
  readonly hardware: Hardware;
  /** Bytes, such as the machine can have; default: the image's, at least `usualDiskBytes`. */
  readonly diskBytes?: number | undefined;
  readonly user: string;
  readonly forwards: readonly Forward[];
  readonly mounts: readonly Mount[];
  readonly engine?: 'docker' | 'podman' | undefined;
  readonly guest: FirstStart;
}

export interface MachineParts {
  readonly tools: Tools;
  readonly base: BaseImage;
  /** Whether the image has the packages that were asked for. */
  readonly hasPackages: boolean;
  /** With the accelerator that has been proven. */
  readonly hardware: Hardware;
}

/** 10 GiB; SD cards are larger. */
const usualDiskBytes = 10 * 2 ** 30;

/**
 * Makes a machine, and does not start it. It is there whole, or not at all.
 *
 * @param obtain what it is made of; called with the lock, once it is certain that the name is free
 * @throws AnyarchError ANYARCH_MACHINE_EXISTS, ANYARCH_LOCKED, ANYARCH_USAGE, ANYARCH_DISK_FULL, ANYARCH_PERMISSION for a port
 *   that is root's, what its parts throw
 */
export async function createMachine(
  host: Host,
  request: MachineRequest,
  obtain: () => Promise<MachineParts>,
  signal: AbortSignal,
): Promise<Machine> {
  const { name } = request;
  checkMachineName(name);
  await refuseForbiddenPorts(host, request);
  const places = machinePlaces(host.system, name);
  return await withMachineLock(
    host,
    { places },
    async () => {
      const place = host.files.linkStatus(places.directory);
      if (place !== undefined) throw place.kind === 'directory' ? exists(name) : inTheWay(places);
      const parts = await obtain();
      const { guest } = request;
      const left = parts.hasPackages ? [] : packagesOf(request);
      return make(host, { ...request, hardware: parts.hardware, guest: { ...guest, packages: left } }, parts);
    },
    { signal },
  );
}

function packagesOf({ engine, guest }: MachineRequest): readonly string[] {
  return [...(engine === undefined ? [] : enginePackages(engine)), ...guest.packages];
}

function make(host: Host, request: MachineRequest, { tools, base }: MachineParts): Machine {
  const { files, system } = host;
  const places = machinePlaces(system, request.name);
  const record = recordOf(host, request, base);
  const work = machinePlaces(system, `.new-${record.id}`);
  removeUnfinished(host);
  try {
    files.makeDirectory(machinesDirectory(system), 0o700);
    files.makeDirectory(work.directory, 0o700);
    const keys = makeKeys(host, work, record);
    files.writeAtomic(work.seed, machineSeed(host, record, keys, request.guest), 0o600);
    writeFirstStart(files, work.firstStart, request.guest);
    if (usesFirmware(request.definition, base.boot.kind) && tools.firmware !== undefined)
      copySparse(tools.firmware.variables, work.variables);
    createDisk(host, work, {
      imageTool: tools.command('qemu-img'),
      backing: { file: base.file, format: base.format },
      bytes: record.diskBytes,
    });
    writeRecord(host, { record, places: work });
    files.rename(work.directory, places.directory);
  } catch (error) {
    files.remove(work.directory);
    tidyLayers(host);
    throw error;
  }
  return { record, places };
}

function recordOf({ clock, system }: Host, request: MachineRequest, base: BaseImage): MachineRecord {
  const { name, definition, user, engine } = request;
  const { password, userData = {} } = request.guest;
  const diskBytes = request.diskBytes ?? fittingDisk(definition, Math.max(usualDiskBytes, base.bytes));
  if (diskBytes < base.bytes)
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `the disk would have ${diskBytes} bytes, and its image has ${base.bytes}: a disk can only grow`,
      {
        hint: `--disk ${Math.ceil(fittingDisk(definition, base.bytes) / 2 ** 30)}G or more`,
        details: { diskBytes, imageBytes: base.bytes },
      },
    );
  return {
    schema: 'anyarch/machine/1',
    name,
    definition: definition.name,
    createdMs: clock.now(),
    id: randomUUID(),
    hardware: request.hardware,
    base,
    diskBytes,
    access: {
      user,
      key: keyFiles(machinePlaces(system, name)).user,
      ...(password !== undefined || setsPassword(userData, user) ? { hasPassword: true } : {}),
    },
    forwards: request.forwards,
    mounts: request.mounts,
    ...(engine === undefined ? {} : { engine }),
  };
}

function exists(name: string): AnyarchError {
  return new AnyarchError('ANYARCH_MACHINE_EXISTS', `there is a machine called ${name} already`, {
    hint: `start it: anyarch machine start ${name}; or remove it with all that is on its disk: anyarch machine remove ${name}`,
    details: { name },
  });
}
