export type { Check } from './check.ts';
export { checks } from './checks/index.ts';
export { diagnose, type DiagnoseOptions } from './diagnose.ts';
export type { CheckResult, Diagnosis } from './diagnosis.ts';
export type { Examination } from './examination.ts';
export { readMessage, type ReadMessage } from './message/read-message.ts';
export { scopes, type Scope } from './scopes.ts';
export { symptoms, type Symptom } from './symptom.ts';
export type { Certainty, Fault, Remedy, Severity, Verdict } from './verdict.ts';
