export { register, type RegisterOptions } from './register.ts';
export { unregister, type UnregisterOptions } from './unregister.ts';
export type { ArchitectureResult, RegistrationReport } from './report.ts';
export { status, type EntryStatus, type StatusReport } from './status.ts';
export { explainFile } from './explain.ts';
export type { Content, EntryVerdict, Explanation, Level } from './explanation.ts';
export { readTable } from './table.ts';
export { nativeArchitectures } from './native.ts';
export { withProver } from './prove.ts';
