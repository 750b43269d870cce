import { fileKernelTable } from '../file-kernel-table.ts';
import type { BinfmtMisc, MountState } from '../kernel-table.ts';
import { SystemError } from '../system-error.ts';
import type { FakeFiles } from './fake-files.ts';
import { fakeTable } from './fake-table.ts';
import type { FakeTable } from './fake-table.ts';

export interface FakeBinfmtOptions {
  readonly path?: string;
  /** `mounted` by default. */
  readonly state?: MountState;
  /** Mounted so that `register` cannot be written: EROFS. */
  readonly readOnly?: boolean;
  /** `mounted` is the table of an ancestor of this process's user namespace: mounting makes an empty one of its own. */
  readonly inherited?: boolean;
}

interface FakeBinfmtSurroundings {
  /** Milliseconds since the epoch, of entries that are made. */
  readonly now?: () => number;
}

export interface FakeBinfmt extends BinfmtMisc {
  /** The table that is or will be mounted, as the kernel sees it. */
  readonly fake: FakeTable;
}

const binfmtMiscMagic = 0x42494e4d;
const autofsMagic = 0x0187;

/** The table's control files appear in `files` as well. */
export function fakeBinfmt(
  files: FakeFiles,
  options: FakeBinfmtOptions & FakeBinfmtSurroundings = {},
): FakeBinfmt {
  const { path = '/proc/sys/fs/binfmt_misc', readOnly = false, inherited = false } = options;
  const newTable = () => fakeTable((interpreter) => files.openForExecution(interpreter), options.now);
  let inForce = newTable();
  let isOwn = !inherited;
  const fake: FakeTable = {
    get entries() {
      return inForce.entries;
    },
    get enabled() {
      return inForce.enabled;
    },
    get children() {
      return inForce.children;
    },
  };
  let state: MountState = 'unmounted';
  const become = (wanted: MountState): void => {
    if (state === 'mounted' || state === 'autofs') files.unmount(path);
    state = wanted;
    if (wanted === 'mounted') files.mount(path, { type: binfmtMiscMagic, readOnly, children: fake.children });
    if (wanted === 'autofs') files.mount(path, { type: autofsMagic });
  };
  become(options.state ?? 'mounted');
  return {
    path,
    fake,
    state: () => state,
    trigger: () => {
      if (state === 'autofs') become('mounted');
    },
    mount: (at = path) => {
      if (files.credentials.uid !== 0) throw new SystemError('EPERM', 'mount', at);
      if (state === 'unsupported') throw new SystemError('ENODEV', 'mount', at);
      if (!isOwn) {
        inForce = newTable();
        isOwn = true;
      }
      if (at === path) {
        become('mounted');
        return;
      }
      if (files.status(at)?.kind !== 'directory') throw new SystemError('ENOENT', 'mount', at);
      files.mount(at, { type: binfmtMiscMagic, readOnly, children: fake.children });
    },
    isOwn: () => isOwn && !readOnly && state === 'mounted' && files.credentials.uid === 0,
    table: () => fileKernelTable(files, path),
  };
}
