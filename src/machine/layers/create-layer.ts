import { AnyarchError } from '../../core/error.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import { withLock } from '../../host/lock.ts';
import { waitForLock } from '../../host/wait-for-lock.ts';
import { layersDirectory } from './places.ts';

export type LayerHost = Pick<Host, 'files' | 'processes' | 'clock' | 'log' | 'system'>;

export interface Backing {
  /** Absolute. */
  readonly file: string;
  readonly format: 'qcow2' | 'raw';
}

export interface LayerOptions {
  /** Words that start qemu-img. */
  readonly imageTool: readonly string[];
  readonly backing: Backing;
  /** That the guest sees. */
  readonly bytes: number;
}

/**
 * Makes an empty overlay and has it referred to by somebody, both while nobody removes layers.
 *
 * @param refer makes the link or the document that keeps the layer; where it throws the layer is removed again
 * @returns the layer's file
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE, ANYARCH_DISK_INVALID, ANYARCH_LOCKED
 */
export function createLayer(host: LayerHost, options: LayerOptions, refer: (file: string) => void): string {
  return withLayers(host, (directory) => {
    const file = `${directory}/${newName(host)}.qcow2`;
    try {
      create(host, file, options);
      refer(file);
    } catch (error) {
      host.files.remove(file);
      throw fileFailure(error, file);
    }
    return file;
  });
}

/** Nobody makes or removes layers meanwhile. */
export function withLayers<T>(
  host: Pick<Host, 'files' | 'clock' | 'system'>,
  action: (directory: string) => T,
): T {
  const directory = layersDirectory(host.system);
  try {
    host.files.makeDirectory(directory, 0o700);
  } catch (error) {
    throw fileFailure(error, directory);
  }
  return withLock(host, `${directory}/lock`, () => action(directory), { waitMs: 30_000 });
}

/** The same for work that takes long, at which the process can be cancelled. @throws AnyarchError ANYARCH_LOCKED, ANYARCH_CANCELLED */
export async function withLayersUntil<T>(
  host: Pick<Host, 'files' | 'clock' | 'system'>,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const path = `${layersDirectory(host.system)}/lock`;
  const lock = await waitForLock(host, path, { patienceMs: 30_000, pauseMs: 50, signal });
  try {
    return await action();
  } finally {
    lock.release();
  }
}

function create(host: LayerHost, file: string, { imageTool, backing, bytes }: LayerOptions): void {
  if (host.files.status(backing.file)?.kind !== 'file')
    throw new AnyarchError(
      'ANYARCH_DISK_INVALID',
      `${backing.file}, which a disk is to lie over, is not there`,
      {
        hint: 'make the machine anew: anyarch machine create',
        details: { path: backing.file },
      },
    );
  // -u: the file below is not opened, a running QEMU may have it locked.
  const words = ['create', '-q', '-u', '-f', 'qcow2', '-F', backing.format, '-b', backing.file];
  const result = host.processes.run([...imageTool, ...words, file, String(bytes)], {
    environment: { LC_ALL: 'C' },
  });
  if (result.exitCode === 0) return;
  if (result.stderr.includes('No space left on device'))
    throw new AnyarchError('ANYARCH_DISK_FULL', `no space left to make ${file}`, {
      hint: 'free some space, or set ANYARCH_HOME to a directory on a larger file system',
    });
  const why = result.stderr.trim() || (result.startError ?? `exit code ${String(result.exitCode)}`);
  throw new AnyarchError('ANYARCH_DISK_INVALID', `qemu-img could not make ${file}: ${why}`, {
    hint: 'try it by hand with the command in the details',
    details: { path: file, command: result.command },
  });
}

/** Names only grow, and nobody else makes any at that time. */
function newName({ clock }: Pick<Host, 'clock'>): string {
  return `${clock.now().toString(36)}-${Math.floor(Math.random() * 2 ** 48).toString(36)}`;
}
