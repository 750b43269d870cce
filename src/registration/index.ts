export { register, type RegisterOptions } from './register.ts';
export { unregister, type UnregisterOptions } from './unregister.ts';
export type { ArchitectureResult, RegistrationReport } from './report.ts';
export { status, type EntryStatus, type StatusOptions, type StatusReport } from './status.ts';
export { explainFile, type ExplainOptions } from './explain.ts';
export type { Content, EntryVerdict, Explanation, Level } from './explanation.ts';
export { readTable } from './table.ts';
export { nativeArchitectures } from './native.ts';
export { withProver } from './prove.ts';
