import type { Host, Log, System } from '../host.ts';
import { quickjsBinfmt } from './quickjs-binfmt.ts';
import { quickjsClock } from './quickjs-clock.ts';
import { quickjsExecutor } from './quickjs-executor.ts';
import { quickjsFiles } from './quickjs-files.ts';
import { quickjsLog } from './quickjs-log.ts';
import { quickjsProcesses } from './quickjs-processes.ts';
import { quickjsSystem } from './quickjs-system.ts';

export interface QuickjsHostOptions {
  /** Default: info and warnings to standard error. */
  readonly log?: Log;
  /** Parts of `System` to take instead of this process's. */
  readonly system?: Partial<System>;
}

/** The machine that the image's program runs on. */
export function quickjsHost(options: QuickjsHostOptions = {}): Host {
  const files = quickjsFiles;
  const processes = quickjsProcesses;
  return {
    files,
    processes,
    executor: quickjsExecutor,
    binfmt: quickjsBinfmt({ files, processes }),
    clock: quickjsClock,
    log: options.log ?? quickjsLog(),
    system: { ...quickjsSystem(files), ...options.system },
  };
}
