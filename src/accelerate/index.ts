export { disableAcceleration } from './disable.ts';
export { enableAcceleration } from './enable.ts';
export type { AccelerateEngineName } from './engine-names.ts';
export { accelerationInstructions } from './instructions.ts';
export type { AccelerateOptions } from './options.ts';
export type {
  AcceleratedEngine,
  AcceleratedEngineStatus,
  AccelerateOutcome,
  AccelerateReport,
  AccelerateStatus,
  EmulatorStatus,
  TreeStatus,
} from './report.ts';
export type { AccelerationReport, ProgramReport } from './report/acceleration-report.ts';
export { followLog } from './report/follow-log.ts';
export type { FollowedLog } from './report/follow-log.ts';
export { lastReport } from './report/saved-report.ts';
export { accelerationStatus } from './status.ts';
export { accelerationVolume, treeBind } from './tree.ts';
export type { AccelerationVolume } from './tree.ts';
