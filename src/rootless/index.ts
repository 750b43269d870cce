export { disableRootless } from './disable.ts';
export { enableRootless } from './enable.ts';
export { runningDaemons, type Daemon } from './docker/daemons.ts';
export type { EngineName } from './engine-names.ts';
export type { DisableOptions, EnableOptions, StatusOptions } from './options.ts';
export type {
  ReportedArchitecture,
  ReportedEngine,
  ReportedEngineStatus,
  RootlessReport,
  RootlessStatus,
} from './report.ts';
export { pauseProcess } from './podman/pause-process.ts';
export { rootlessStatus } from './status.ts';
