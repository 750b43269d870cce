import { spawnSync } from 'node:child_process';
import {
  AT_FDCWD,
  CLONE_NEWNS,
  CLONE_NEWUSER,
  MS_PRIVATE,
  MS_REC,
  O_WRONLY,
  PR_SET_DUMPABLE,
} from '../../src/core/launcher/constants.ts';
import type { Step } from '../../src/core/launcher/program.ts';
import type { Host } from '../../src/host/host.ts';
import { enterNamespaces } from '../../src/host/node/enter-namespaces.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import type { NodeHostOptions } from '../../src/host/node/node-host.ts';
import { binfmtMiscPath } from '../../src/host/node/node-binfmt.ts';
import { startHolder } from './holder.ts';

export interface PrivateTable {
  /** This machine, with a table of its own that only `host.executor` executes by. Files and processes are the real ones. */
  readonly host: Host;
  /** The process that holds the namespaces. */
  readonly pid: number;
  /** Runs a host command inside to its good end. Entries that match the host's own programs would break it. */
  readonly run: (command: readonly string[]) => void;
  /** Ends the holder; the table goes with it. */
  readonly close: () => Promise<void>;
}

export interface PrivateTableOptions extends Omit<NodeHostOptions, 'inside'> {
  /** Whether binfmt_misc is mounted inside; `inherited`: what is seen is the parent's, as in a new user namespace. Default true. */
  readonly mounted?: boolean | 'inherited';
  /** Whose namespace it is made in; default: this process's. */
  readonly within?: PrivateTable;
}

/** An empty binfmt_misc table in a user and mount namespace of its own. Needs no privilege. */
export async function openPrivateTable(options: PrivateTableOptions = {}): Promise<PrivateTable> {
  const { mounted = true, within, ...hostOptions } = options;
  const { uid, gid } = within === undefined ? nodeHost().system : { uid: 0, gid: 0 };
  const { pid, close } = await startHolder([
    ...(within === undefined ? [] : enterNamespaces(within.pid)),
    ...enterOwnNamespaces(uid, gid),
    ...(mounted === 'inherited' ? [] : mounted ? [mountTable] : hideTable),
  ]);
  return {
    host: nodeHost({ ...hostOptions, inside: pid }),
    pid,
    run: (command) => {
      const enter = ['--target', `${pid}`, '--user', '--mount', '--preserve-credentials', '--'];
      const { status, stderr } = spawnSync('nsenter', [...enter, ...command], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
    },
    close,
  };
}

function enterOwnNamespaces(uid: number, gid: number): Step[] {
  return [
    { call: 'unshare', arguments: [CLONE_NEWUSER | CLONE_NEWNS] },
    ...writeFile('/proc/self/setgroups', 'deny'),
    ...writeFile('/proc/self/uid_map', `0 ${uid} 1`),
    ...writeFile('/proc/self/gid_map', `0 ${gid} 1`),
    // Otherwise only root may look into /proc/PID/root.
    { call: 'prctl', arguments: [PR_SET_DUMPABLE, 1, 0, 0, 0] },
    { call: 'mount', arguments: ['none', '/', 0, MS_REC | MS_PRIVATE, 0] },
  ];
}

const mountTable: Step = { call: 'mount', arguments: ['binfmt_misc', binfmtMiscPath, 'binfmt_misc', 0, 0] };

/** The host's own table may be mounted there, and a namespace may not unmount what it inherited: cover it. */
const hideTable: readonly Step[] = [{ call: 'mount', arguments: ['none', binfmtMiscPath, 'tmpfs', 0, 0] }];

function writeFile(path: string, content: string): Step[] {
  const descriptor = { variable: path };
  return [
    { call: 'openat', arguments: [AT_FDCWD, path, O_WRONLY], store: descriptor },
    { call: 'write', arguments: [descriptor, content, content.length] },
    { call: 'close', arguments: [descriptor] },
  ];
}
