export type { AccelerationReport, ProgramReport } from './report/acceleration-report.ts';
export { followLog } from './report/follow-log.ts';
export type { FollowedLog } from './report/follow-log.ts';
export { lastReport } from './report/saved-report.ts';
export { accelerationVolume, treeBind, treeDirectory } from './tree.ts';
export type { AccelerationVolume } from './tree.ts';
