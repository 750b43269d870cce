import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { buildLauncher } from '../../src/core/launcher/build-launcher.ts';
import {
  AT_FDCWD,
  CLONE_NEWNS,
  CLONE_NEWUSER,
  MS_PRIVATE,
  MS_REC,
  O_WRONLY,
  PR_SET_DUMPABLE,
} from '../../src/core/launcher/constants.ts';
import { readFailureRecord } from '../../src/core/launcher/failure-record.ts';
import { launcherHostOf } from '../../src/core/launcher/find-launcher-host.ts';
import type { Program, Step } from '../../src/core/launcher/program.ts';
import type { Host } from '../../src/host/host.ts';
import { installLauncher } from '../../src/host/launcher-place.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import type { NodeHostOptions } from '../../src/host/node/node-host.ts';
import { binfmtMiscPath } from '../../src/host/node/node-binfmt.ts';

export interface PrivateTable {
  /** This machine, with a table of its own that only `host.executor` executes by. Files and processes are the real ones. */
  readonly host: Host;
  /** The process that holds the namespaces. */
  readonly pid: number;
  /** Runs a host command inside to its good end. Entries that match the host's own programs would break it. */
  run(command: readonly string[]): void;
  /** Ends the holder; the table goes with it. */
  close(): Promise<void>;
}

export interface PrivateTableOptions extends Omit<NodeHostOptions, 'inside'> {
  /** Whether binfmt_misc is mounted inside. Default true. */
  readonly mounted?: boolean;
}

/**
 * An empty binfmt_misc table in a user and mount namespace of its own. Needs no privilege. Should this process die,
 * the holder reads the end of its standard input and ends too.
 */
export async function openPrivateTable({
  mounted = true,
  ...options
}: PrivateTableOptions = {}): Promise<PrivateTable> {
  const { files, system } = nodeHost();
  const launcherHost = launcherHostOf(system.machine);
  if (launcherHost === undefined) throw new Error(`no launcher for ${system.machine}`);
  const program = holderProgram(system.uid, system.gid, mounted);
  const launcher = installLauncher({ files, system }, buildLauncher(launcherHost, program));
  const holder = spawn(launcher, [], { stdio: ['pipe', 'pipe', 'inherit', 'pipe'] });
  const failure = readFailureRecord(await firstOutput(holder), launcherHost);
  if (failure !== undefined) {
    throw new Error(
      `no private table: errno ${failure.errno} from ${JSON.stringify(program.steps[failure.step])}`,
    );
  }
  const { pid } = holder;
  if (pid === undefined) throw new Error('the holder of the private table did not start');
  return {
    host: nodeHost({ ...options, inside: pid }),
    pid,
    run: (command) => {
      const enter = ['--target', `${pid}`, '--user', '--mount', '--preserve-credentials', '--'];
      const { status, stderr } = spawnSync('nsenter', [...enter, ...command], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
    },
    close: async () => {
      if (holder.exitCode !== null || holder.signalCode !== null) return;
      holder.stdin?.end();
      await once(holder, 'exit');
    },
  };
}

function holderProgram(uid: number, gid: number, mounted: boolean): Program {
  return {
    steps: [
      { call: 'unshare', arguments: [CLONE_NEWUSER | CLONE_NEWNS] },
      ...writeFile('/proc/self/setgroups', 'deny'),
      ...writeFile('/proc/self/uid_map', `0 ${uid} 1`),
      ...writeFile('/proc/self/gid_map', `0 ${gid} 1`),
      // Otherwise only root may look into /proc/PID/root.
      { call: 'prctl', arguments: [PR_SET_DUMPABLE, 1, 0, 0, 0] },
      { call: 'mount', arguments: ['none', '/', 0, MS_REC | MS_PRIVATE, 0] },
      ...(mounted ? [mountTable] : []),
      // Says that it is ready, and waits for the end of its input.
      { call: 'close', arguments: [3] },
      { call: 'read', arguments: [0, new Uint8Array(1), 1] },
    ],
  };
}

const mountTable: Step = { call: 'mount', arguments: ['binfmt_misc', binfmtMiscPath, 'binfmt_misc', 0, 0] };

function writeFile(path: string, content: string): Step[] {
  const descriptor = { variable: path };
  return [
    { call: 'openat', arguments: [AT_FDCWD, path, O_WRONLY], store: descriptor },
    { call: 'write', arguments: [descriptor, content, content.length] },
    { call: 'close', arguments: [descriptor] },
  ];
}

/** All bytes that the holder writes to descriptor 3 until it closes it: none when it is ready. */
async function firstOutput(holder: ChildProcess): Promise<Uint8Array> {
  const report = holder.stdio[3];
  if (report === null || report === undefined || !('read' in report)) throw new Error('no report descriptor');
  const chunks: Buffer[] = [];
  for await (const chunk of report) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
