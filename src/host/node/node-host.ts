import type { Host, Log, System } from '../host.ts';
import { enterNamespaces } from './enter-namespaces.ts';
import { nodeBinfmt } from './node-binfmt.ts';
import { nodeClock } from './node-clock.ts';
import { nodeExecutor } from './node-executor.ts';
import { nodeFlock } from './flock.ts';
import { heldFiles } from './held-file.ts';
import { nodeFiles } from './node-files.ts';
import { nodeLaunchers } from './launchers.ts';
import { nodeLog } from './node-log.ts';
import { nodeProcesses } from './node-processes.ts';
import { nodeSystem } from './node-system.ts';

export interface NodeHostOptions {
  /** Default: info and warnings to standard error. */
  readonly log?: Log;
  /** Parts of `System` to take instead of this process's. */
  readonly system?: Partial<System>;
  /** A process whose user and mount namespace the table and executions are of; default: this one's. Files stay ours. */
  readonly inside?: number;
}

/** The machine that this process runs on. Nothing is read, loaded or written before it is needed. */
export function nodeHost(options: NodeHostOptions = {}): Host {
  const system = { ...nodeSystem(), ...options.system };
  const processes = nodeProcesses;
  const launchers = nodeLaunchers({ files: nodeFiles, system, clock: nodeClock });
  const flock = nodeFlock(launchers);
  const files = { ...nodeFiles, ...heldFiles(flock) };
  return {
    files,
    processes,
    executor: nodeExecutor(launchers, options.inside === undefined ? [] : enterNamespaces(options.inside)),
    binfmt: nodeBinfmt({ files, processes, launchers, flock, inside: options.inside }),
    clock: nodeClock,
    log: options.log ?? nodeLog(),
    system,
  };
}
