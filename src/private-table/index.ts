export { emptyPrivateTable } from './empty.ts';
export { ensurePrivateTable, type EnsureOptions } from './ensure.ts';
export type { Emptied, Ensured, EnsuredArchitecture } from './ensured.ts';
export { hookFailurePathIn, readHookFailure, type FailureOfHook, type HookFailure } from './failure.ts';
export { ensureInHook } from './hook.ts';
export { hookProgramFault, installHookProgram } from './install-hook-program.ts';
export type { Condition, ConditionId } from './condition.ts';
export { idMapPrograms } from './id-map-programs.ts';
export { privateTableConditions, requirePrivateTables } from './possible.ts';
export { remedies, subordinateIdsRemedy } from './remedies.ts';
export { newNamespaceCommand } from './try-table.ts';
export { userStateDirectory } from './user-state.ts';
export { tableRules, type Emulated, type TableRule } from './table-rules.ts';
export {
  forgetWantedTable,
  readWantedTable,
  recordWantedTable,
  wantedArchitecture,
  wantedTablePathIn,
  type WantedArchitecture,
  type WantedTable,
} from './wanted-table.ts';
