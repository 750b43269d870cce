export { register, withRegistrationLock, type RegisterOptions } from './register.ts';
export { release, type ReleaseOptions } from './release.ts';
export { architecturesOfEntries, takingOver, type TakingOver } from './take-over.ts';
export { unregister, type UnregisterOptions } from './unregister.ts';
export {
  reportedError,
  type ArchitectureResult,
  type RegistrationReport,
  type ReportedError,
} from './report.ts';
export { status, type EntryStatus, type StatusReport } from './status.ts';
export { explainFile } from './explain.ts';
export { fileProblem, type FileProblem } from './file-problem.ts';
export { makeProbeDirectory } from './probe-directory.ts';
export { readScriptLine, type ScriptLine } from './script-line.ts';
export type { Content, EntryVerdict, Explanation, Level } from './explanation.ts';
export { hasTablePerNamespace } from './here.ts';
export { architectureInName, entryNames } from './names.ts';
export { ensureMounted, readTable, touchAutofs, type Table, type TableEntry } from './table.ts';
export { sameRule } from './same-rule.ts';
export { ruleBytes } from './rule-text.ts';
export { registeringError } from './registering-error.ts';
export { removeEntry } from './remove-entry.ts';
export { withTableLock } from './table-lock.ts';
export { nativeArchitectures } from './native.ts';
export { withProver, type Proof, type Prover } from './prove.ts';
export { readFormerWishes } from './former-wishes.ts';
export { readLetGo, readWishes } from './ledger.ts';
export type { Adopted, Wish } from './ledger-document.ts';
export { survey, type Survey } from './survey.ts';
export type { KnownEntry } from './plan-data.ts';
export { takesProgramsOf } from './sample.ts';
