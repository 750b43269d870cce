export { disableRootless } from './disable.ts';
export { enableRootless } from './enable.ts';
export { runningDaemons, type Daemon } from './docker/daemons.ts';
export { nameOfChosen, installedRuntimes, shimPath, standInDirectory } from './containers/runtime-shim.ts';
export { othersConfiguration } from './containers/drop-in.ts';
export { readConfiguration } from './containers/configuration.ts';
export {
  accelerateDropInPath,
  containersEngines,
  onlyConfiguration,
  type ContainersEngine,
} from './containers/place.ts';
export { podmanServices } from './containers/podman-service.ts';
export { findRootlessDocker } from './docker/find.ts';
export { servicePathDropIn, servicePathProgram } from './docker/service-path.ts';
export { userUnits } from './docker/service-files.ts';
export type { FoundEngine } from './engine.ts';
export type { EngineName } from './engine-names.ts';
export { findProgram } from './find-program.ts';
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
