export { eventJson, eventText } from './event-text.ts';
export type { EventKind, WatchEvent } from './event.ts';
export { newMemory, type Memory } from './memory.ts';
export { renderMetrics, type Metric } from './prometheus.ts';
export { watchRounds, type Round, type RoundsOptions, type Waited } from './rounds.ts';
export { watchOnce, type WatchOptions } from './watch-once.ts';
export {
  disableService,
  enableService,
  serviceStatus,
  type ServiceReport,
  type ServiceStatus,
} from './service/manage.ts';
export { outOfReach } from './service/out-of-reach.ts';
export type { ServiceInit } from './service/init.ts';
export type { ProgramFile } from './service/service.ts';
