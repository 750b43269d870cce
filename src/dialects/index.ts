export type { Dialect, DialectCall, DialectOutcome, Live } from './dialect.ts';
export { binfmt } from './binfmt/index.ts';
export { chooseDialect, type DialectName } from './choose-dialect.ts';
export {
  confinementWarnings,
  withWarnings,
  type ConfinementWarning,
  type RegisteredEmulators,
} from './confinement/warnings.ts';
export { multiarch } from './multiarch/multiarch.ts';
export { readWish as readScriptWish, type WishDefaults } from './multiarch/options.ts';
export { scriptTemplates, type ScriptTemplates } from './multiarch/script-templates.ts';
export { nextStepInContainer } from './problem.ts';
export { podman } from './podman/podman.ts';
export { removedNote } from './removed-note.ts';
export { qus } from './qus/index.ts';
