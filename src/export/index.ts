export { classicExport, isClassic, type ClassicExport } from './classic.ts';
export { isMarked, marked } from './mark.ts';
export { planExport } from './plan-export.ts';
export { planFiles, type FileAction } from './plan-files.ts';
export type { ExportedFile, ExportForm, ExportPlan, ExportWish, LeftOut } from './wish.ts';
export { writeFiles } from './write-files.ts';
