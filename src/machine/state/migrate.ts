import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AnyarchError } from '../../core/error.ts';
import type { Monitor } from './monitor.ts';

export interface MigrateOptions {
  readonly signal?: AbortSignal | undefined;
  /** For people: which machine. */
  readonly subject: string;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

/** Bytes below which a file system is full: it keeps a few blocks for itself. */
const leastBytes = 1024 * 1024;

/** Milliseconds between two looks at how far QEMU is. */
const pauseMs = 20;
/** What a disk takes: QEMU's own limit, 128 MiB/s, is made for networks. */
const bytesPerSecond = 64 * 1024 ** 3;

/**
 * Writes memory and devices into a file. The guest should be stopped before; it stays so, and the disks are not QEMU's
 * any more until `cont`.
 *
 * @param file absolute; made, or written over
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_CANCELLED, ANYARCH_STATE_UNUSABLE where QEMU cannot save this machine:
 *   the guest can be continued then
 */
export async function saveMemory(monitor: Monitor, file: string, options: MigrateOptions): Promise<void> {
  await prepare(monitor);
  await monitor.execute('migrate-set-parameters', { 'max-bandwidth': bytesPerSecond });
  try {
    await monitor.execute('migrate', { uri: `file:${file}` });
  } catch (error) {
    throw cannotSave(options.subject, error instanceof Error ? error.message : String(error), error);
  }
  const outcome = await waitForEnd(monitor, options);
  if (outcome.status === 'completed') return;
  if (outcome.status === 'cancelled' || options.signal?.aborted === true)
    throw new AnyarchError(
      'ANYARCH_CANCELLED',
      `saving ${options.subject} was cancelled; it goes on running`,
    );
  const why = outcome.why ?? outcome.status;
  if (/no space left|disk quota exceeded/i.test(why) || (await isFull(dirname(file))))
    throw new AnyarchError('ANYARCH_DISK_FULL', `no space left to save ${options.subject}: ${file}`, {
      hint: 'it goes on running; free some space, or stop it without --save',
      details: { path: file },
    });
  throw cannotSave(options.subject, why);
}

/**
 * Reads what `saveMemory` wrote into a QEMU that was started with `incomingWords`. The guest does not run yet.
 *
 * @throws AnyarchError ANYARCH_STATE_UNUSABLE: nothing was written to any disk, and QEMU is of no use any more;
 *   ANYARCH_CANCELLED
 */
export async function loadMemory(monitor: Monitor, file: string, options: MigrateOptions): Promise<void> {
  await prepare(monitor);
  // QEMU would end otherwise, and tell why in its messages only.
  await monitor.execute('migrate-incoming', { uri: `file:${file}`, 'exit-on-error': false });
  const outcome = await waitForEnd(monitor, options);
  if (outcome.status === 'completed') return;
  if (options.signal?.aborted === true)
    throw new AnyarchError(
      'ANYARCH_CANCELLED',
      `starting ${options.subject} was cancelled; its state is kept`,
    );
  throw new AnyarchError(
    'ANYARCH_STATE_UNUSABLE',
    `QEMU cannot read ${file}, the saved state of ${options.subject}: ${outcome.why ?? outcome.status}`,
    { hint: `start it without: anyarch machine start ${options.subject} --cold`, details: { path: file } },
  );
}

/** QEMU calls it an input/output error where there was no space from the start. */
async function isFull(directory: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize < leastBytes;
}

async function prepare(monitor: Monitor): Promise<void> {
  await monitor.execute('migrate-set-capabilities', {
    capabilities: [{ capability: 'mapped-ram', state: true }],
  });
}

interface MigrationEnd {
  readonly status: string;
  readonly why: string | undefined;
}

async function waitForEnd(monitor: Monitor, options: MigrateOptions): Promise<MigrationEnd> {
  let isCancelled = false;
  for (;;) {
    const { status, why, doneBytes, totalBytes } = statusOf(await monitor.execute('query-migrate'));
    if (['completed', 'failed', 'cancelled'].includes(status)) return { status, why };
    if (totalBytes !== undefined) options.onProgress?.(doneBytes ?? 0, totalBytes);
    if (options.signal?.aborted === true && !isCancelled) {
      isCancelled = true;
      await monitor.execute('migrate_cancel');
    }
    await setTimeout(pauseMs);
  }
}

/** Of the reply to query-migrate; a migration that has not begun yet has no status. */
function statusOf(reply: unknown): {
  readonly status: string;
  readonly why: string | undefined;
  readonly doneBytes: number | undefined;
  readonly totalBytes: number | undefined;
} {
  const { status, 'error-desc': why, ram } = (reply ?? {}) as Readonly<Record<string, unknown>>;
  const { transferred, total } = (ram ?? {}) as Readonly<Record<string, unknown>>;
  return {
    status: typeof status === 'string' ? status : 'none',
    why: typeof why === 'string' ? why : undefined,
    doneBytes: typeof transferred === 'number' ? transferred : undefined,
    totalBytes: typeof total === 'number' ? total : undefined,
  };
}

function cannotSave(subject: string, why: string, cause?: unknown): AnyarchError {
  // The virtiofsd of a mount is gone, which keeps its part of the state.
  const isWithoutMount = why.includes('vhost-user-fs');
  return new AnyarchError('ANYARCH_STATE_UNUSABLE', `QEMU cannot save ${subject}: ${why}`, {
    hint: isWithoutMount
      ? `it goes on running; see which of its mounts hangs: anyarch machine show ${subject}`
      : 'it goes on running; stop it without --save',
    cause,
  });
}
