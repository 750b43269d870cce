import { AnyarchError } from '../core/error.ts';
import { parseEntry, type Entry } from '../core/entry.ts';
import type { Host } from '../host/host.ts';
import type { KernelTable, MountState } from '../host/kernel-table.ts';
import { SystemError, ignoring } from '../host/system-error.ts';

/** One listed entry. What cannot be read by us is kept: it is somebody's. */
export interface TableEntry {
  readonly name: string;
  /** Exactly as the kernel prints it. */
  readonly text: string;
  /** Undefined when the text cannot be understood. */
  readonly entry: Entry | undefined;
}

export interface Table {
  /** Where it is mounted. */
  readonly path: string;
  readonly state: MountState;
  /** The global switch; false where nothing is mounted. */
  readonly enabled: boolean;
  /** The newest first: the order in which the kernel matches. */
  readonly entries: readonly TableEntry[];
}

/** The table as it is now. Does not mount anything and does not trigger an autofs. */
export function readTable(host: Pick<Host, 'binfmt'>): Table {
  const { path } = host.binfmt;
  const state = host.binfmt.state();
  if (state !== 'mounted') return { path, state, enabled: false, entries: [] };
  const table = host.binfmt.table();
  return {
    path,
    state,
    enabled: table.enabled(),
    entries: table.list().flatMap((name) => readEntry(table, name)),
  };
}

/** Empty when the entry has vanished since it was listed. */
function readEntry(table: KernelTable, name: string): TableEntry[] {
  const text = ignoring(['ENOENT'], () => table.read(name));
  return text === undefined ? [] : [{ name, text, entry: parseOrUndefined(name, text) }];
}

function parseOrUndefined(name: string, text: string): Entry | undefined {
  try {
    return parseEntry(name, text);
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_ENTRY_INVALID') return undefined;
    throw error;
  }
}

/**
 * The table in force, mounted when it was not.
 *
 * @throws AnyarchError ANYARCH_BINFMT_UNSUPPORTED, ANYARCH_BINFMT_AUTOFS, ANYARCH_BINFMT_NOT_MOUNTED, ANYARCH_PERMISSION
 */
export function ensureMounted(host: Pick<Host, 'binfmt'>): KernelTable {
  const { binfmt } = host;
  if (binfmt.state() === 'autofs') triggerAutofs(host);
  if (binfmt.state() !== 'mounted') mount(host);
  const state = binfmt.state();
  if (state !== 'mounted') {
    throw new AnyarchError(
      'ANYARCH_BINFMT_NOT_MOUNTED',
      `mounted binfmt_misc on ${binfmt.path}, but it is still ${state}`,
      {
        hint: `mount it yourself: mount -t binfmt_misc binfmt_misc ${binfmt.path}`,
      },
    );
  }
  return binfmt.table();
}

/** For those who only look: what is behind an autofs shows; one that does not mount stays what it is. */
export function touchAutofs(host: Pick<Host, 'binfmt' | 'log'>): void {
  try {
    if (host.binfmt.state() === 'autofs') triggerAutofs(host);
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    host.log.debug(error.message);
  }
}

/** A registration made through an untriggered autofs is lost (tonistiigi/binfmt#288), so the result is checked. */
function triggerAutofs({ binfmt }: Pick<Host, 'binfmt'>): void {
  try {
    binfmt.trigger();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw autofsError(binfmt.path, error);
  }
  if (binfmt.state() === 'autofs') throw autofsError(binfmt.path);
}

function autofsError(path: string, cause?: SystemError): AnyarchError {
  const reason =
    cause === undefined ? 'touching it mounted nothing' : `touching it failed with ${cause.errno}`;
  return new AnyarchError('ANYARCH_BINFMT_AUTOFS', `${path} is an autofs that does not mount: ${reason}`, {
    hint: 'on the host: systemctl restart proc-sys-fs-binfmt_misc.automount && ls /proc/sys/fs/binfmt_misc; from a container: nsenter -t 1 -m',
    cause,
  });
}

function mount({ binfmt }: Pick<Host, 'binfmt'>): void {
  try {
    binfmt.mount();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw mountError(binfmt.path, binfmt.state(), error);
  }
}

function mountError(path: string, state: MountState, error: SystemError): AnyarchError {
  if (state === 'unsupported' || error.errno === 'ENODEV') {
    return new AnyarchError(
      'ANYARCH_BINFMT_UNSUPPORTED',
      `the kernel has no binfmt_misc to mount on ${path} (${error.errno})`,
      {
        hint: 'modprobe binfmt_misc; when there is no such module, the kernel needs CONFIG_BINFMT_MISC',
        cause: error,
      },
    );
  }
  if (error.errno === 'EPERM' || error.errno === 'EACCES') {
    return new AnyarchError(
      'ANYARCH_PERMISSION',
      `not allowed to mount binfmt_misc on ${path} (${error.errno})`,
      {
        hint: withoutRoot,
        cause: error,
      },
    );
  }
  return new AnyarchError(
    'ANYARCH_BINFMT_NOT_MOUNTED',
    `could not mount binfmt_misc on ${path}: ${error.errno}`,
    {
      hint: `mount it yourself: mount -t binfmt_misc binfmt_misc ${path}`,
      cause: error,
    },
  );
}

/** What people without root can do. */
export const withoutRoot =
  'become root with sudo, or use `anyarch run`, which needs no root and changes nothing on the host';
