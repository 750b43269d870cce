import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { AnyarchError } from '../../core/error.ts';
import {
  activeDisk,
  backingFile,
  createDisk,
  isUnwritten,
  layerBytes,
  type LayerHost,
} from '../layers/index.ts';
import type { MachinePlaces } from '../places.ts';
import { isRefusal } from '../qmp/refusal.ts';
import type { Monitor } from '../state/monitor.ts';

export interface Frozen {
  /** Nothing writes to it any more. */
  readonly layer: string;
  readonly diskBytes: number;
}

export interface FreezeOptions {
  /** Words that start qemu-img. */
  readonly imageTool: readonly string[];
  /** Of the running QEMU, whose guest is stopped. */
  readonly monitor?: Monitor | undefined;
}

/**
 * Gives a machine an empty layer to write to and leaves all that it has written in one that nobody writes to. A stopped
 * machine that has an empty one keeps it: however many are made of it, its disk grows no deeper.
 *
 * The machine's link leads to the new layer before QEMU does: whatever ends us between, all that was and will be written
 * is found through the link.
 *
 * @throws AnyarchError what `createDisk` throws; ANYARCH_MACHINE_FAILED where QEMU refuses: the machine is as it was. Where
 *   QEMU only does not answer, it may go over to the new layer later: that one stays then
 */
export async function freezeDisk(
  host: LayerHost,
  places: Pick<MachinePlaces, 'disk'>,
  { imageTool, monitor }: FreezeOptions,
): Promise<Frozen> {
  const node = monitor === undefined ? undefined : await diskNode(host, places, monitor);
  const layer = activeDisk(host.files, places);
  const diskBytes = layerBytes(host.files, layer);
  if (monitor === undefined) {
    const below = layerBelow(host, layer);
    if (below !== undefined) return { layer: below, diskBytes };
  }
  const next = createDisk(host, places, {
    imageTool,
    backing: { file: layer, format: 'qcow2' },
    bytes: diskBytes,
  });
  if (monitor === undefined || node === undefined) return { layer, diskBytes };
  const overlay = `layer-${randomBytes(6).toString('hex')}`;
  try {
    await open(monitor, next, overlay);
  } catch (error) {
    goBack();
    throw error;
  }
  try {
    await monitor.execute('blockdev-snapshot', { node, overlay });
  } catch (error) {
    // Without an answer nobody knows which of the two is written to; through the link all is found, whichever it is.
    if (!isRefusal(error)) throw error;
    goBack();
    await monitor.execute('blockdev-del', { 'node-name': overlay });
    throw error;
  }
  return { layer, diskBytes };

  function goBack(): void {
    host.files.writeLink(places.disk, layer);
    host.files.remove(next);
  }
}

/** The layer that has all of an empty one; undefined where that is written to, or lies over a base, whatever format that has. */
function layerBelow({ files }: Pick<LayerHost, 'files'>, layer: string): string | undefined {
  if (!isUnwritten(files, layer)) return undefined;
  const below = backingFile(files, layer);
  return below !== undefined && dirname(below) === dirname(layer) ? below : undefined;
}

/** Nothing is written to it yet. */
async function open(monitor: Monitor, next: string, overlay: string): Promise<void> {
  await monitor.execute('blockdev-add', {
    driver: 'qcow2',
    'node-name': overlay,
    // As the command line has it for the first layer.
    discard: 'unmap',
    'detect-zeroes': 'unmap',
    cache: { direct: false, 'no-flush': false },
    // What it lies over is attached by the next command, and must not be opened twice.
    backing: null,
    file: { driver: 'file', filename: next, discard: 'unmap' },
  });
}

interface BlockDevice {
  readonly inserted?: { readonly file?: unknown; readonly 'node-name'?: unknown };
}

/**
 * QEMU's name for the node that a running machine writes to: another one after each snapshot. Where a command was killed between
 * the machine's link and QEMU, the link leads to an empty layer that QEMU does not know: it is put back.
 *
 * @throws AnyarchError ANYARCH_MACHINE_FAILED
 */
export async function diskNode(
  host: Pick<LayerHost, 'files'>,
  places: Pick<MachinePlaces, 'disk'>,
  monitor: Monitor,
): Promise<string> {
  const devices = (await monitor.execute('query-block')) as readonly BlockDevice[];
  const nodeOf = (file: string): string | undefined => {
    const node = devices.find(({ inserted }) => inserted?.file === file)?.inserted?.['node-name'];
    return typeof node === 'string' ? node : undefined;
  };
  const file = activeDisk(host.files, places);
  const node = nodeOf(file);
  if (node !== undefined) return node;
  const below = layerBelow(host, file);
  const nodeBelow = below === undefined ? undefined : nodeOf(below);
  if (below !== undefined && nodeBelow !== undefined) {
    host.files.writeLink(places.disk, below);
    host.files.remove(file);
    return nodeBelow;
  }
  throw new AnyarchError('ANYARCH_MACHINE_FAILED', `the running QEMU does not write to ${file}`, {
    hint: 'stop the machine and try again',
    details: { path: file },
  });
}
