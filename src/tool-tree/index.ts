export { denied, tools } from './groups/index.ts';
export type { MakeSet, NotAdapted, SetFile, SetInput, SetLibrary, SetProgram } from './make-set.ts';
export { mountPoint, toolTreeDirectory } from './places.ts';
export { toolGroups } from './tool.ts';
export type { Denied, PackageFile, Tool, ToolGroup } from './tool.ts';
