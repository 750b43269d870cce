export { eventJson, eventText } from './event-text.ts';
export type { EventKind, WatchEvent } from './event.ts';
export { newMemory, type Memory } from './memory.ts';
export { renderMetrics, type Metric } from './prometheus.ts';
export { watchRounds, type Round, type RoundsOptions, type Waited } from './rounds.ts';
export { watchOnce, type WatchOptions } from './watch-once.ts';
