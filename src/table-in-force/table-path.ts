import type { Host } from '../host/host.ts';
import { deviceOf } from '../host/node/device-of.ts';
import { SystemError } from '../host/system-error.ts';
import type { SeenTable } from './expected-table.ts';
import { standardPath, viewerFor } from './seen-tables.ts';
import type { Viewer } from './seen-tables.ts';

/** `f_type` (linux/magic.h). */
const binfmtMiscMagic = 0x42494e4d;

type Parts = Pick<Host, 'files' | 'system'>;

/**
 * Where this process can read a table: best at a mount of its own, which nobody else can cover, then through the
 * process that it is about, then through whoever has it mounted. Undefined where all of them have something else there.
 */
export function tablePath(host: Parts, process: Viewer, table: SeenTable): string | undefined {
  const own = viewerFor(host, host.system.pid);
  const others = table.viewers.filter(({ pid }) => pid !== process.pid);
  return [
    ...pointsOf(own, table).reverse(),
    ...[process, ...others].flatMap((viewer) =>
      pointsOf(viewer, table).map((point) => `/proc/${viewer.pid}/root${point}`),
    ),
  ].find((path) => deviceAt(host, path) === table.device);
}

/**
 * Of the table that a process sees at the usual place. Its own list of mounts does not tell: what is mounted above hides
 * what is below.
 */
export function mountedDevice(host: Parts, { pid }: Viewer): string | undefined {
  return deviceAt(host, `/proc/${pid}/root${standardPath}`);
}

function pointsOf(viewer: Viewer | undefined, { device }: SeenTable): string[] {
  return (viewer?.mounts ?? []).filter((mount) => mount.device === device).map(({ point }) => point);
}

/** Undefined for what is no table, or no whole one: a single entry can be mounted as well. */
function deviceAt({ files }: Parts, path: string): string | undefined {
  try {
    return files.fileSystemType(path) === binfmtMiscMagic && files.list(path).includes('register')
      ? deviceOf(path)
      : undefined;
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
