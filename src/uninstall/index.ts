export type { Left, Removed, UninstallReport } from './report.ts';
export { uninstall, type UninstallOptions } from './uninstall.ts';
