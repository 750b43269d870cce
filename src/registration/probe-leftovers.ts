import type { Host } from '../host/host.ts';
import { SystemError, ignoring } from '../host/system-error.ts';

type Parts = Pick<Host, 'files' | 'system' | 'clock' | 'log'>;

const hourMs = 3_600_000;

/** Names the process that uses it, and the pid namespace in which it has that number: containers may share a directory. */
export function probeDirectoryName({ files, system, clock }: Parts): string {
  return `anyarch-probe-${system.pid}-${pidNamespace({ files })}-${Math.trunc(clock.monotonic() * 1000)}`;
}

/** Removes our own from a place where their process is known to be gone, or that are older than any command takes. */
export function sweepProbeDirectories({ files, system, clock, log }: Parts, place: string): void {
  const leftOver = (name: string): boolean => {
    const status = files.linkStatus(`${place}/${name}`);
    if (status?.kind !== 'directory' || status.uid !== system.uid) return false;
    return isGone({ files }, name) || clock.now() - status.modifiedMs > hourMs;
  };
  try {
    for (const name of ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.list(place)) ?? [])
      if (name.startsWith('anyarch-probe-') && leftOver(name)) files.remove(`${place}/${name}`);
  } catch (error) {
    // Two commands may sweep at once, and what cannot be swept harms nobody.
    if (!(error instanceof SystemError)) throw error;
    log.debug(`left probes behind: ${error.message}`);
  }
}

function isGone({ files }: Pick<Parts, 'files'>, name: string): boolean {
  const [, pid, namespace] = /^anyarch-probe-(\d+)-(\d+)-\d+$/.exec(name) ?? [];
  if (pid === undefined || namespace === unknown || namespace !== pidNamespace({ files })) return false;
  return files.linkStatus(`/proc/${pid}`) === undefined;
}

/** Where it cannot be told. */
const unknown = '0';

/** The number in `pid:[4026531836]`. */
function pidNamespace({ files }: Pick<Parts, 'files'>): string {
  const link = ignoring(['ENOENT', 'EACCES'], () => files.readLink('/proc/self/ns/pid')) ?? '';
  return /\d+/.exec(link)?.[0] ?? unknown;
}
