/** A machine in memory for tests: the package's `anyarch/testing`. */
export { fakeHost, type FakeHost, type FakeHostOptions } from './fake-host.ts';
export { fakeFiles, type FakeFiles, type FakeFilesOptions, type Fault } from './fake-files.ts';
export { fakeBinfmt, type FakeBinfmt, type FakeBinfmtOptions } from './fake-binfmt.ts';
export { type FakeEntry, type FakeTable } from './fake-table.ts';
export {
  fakeExecutor,
  type Behaviour,
  type Execution,
  type FakeExecutor,
  type FakeExecutorOptions,
} from './fake-executor.ts';
export {
  fakeProcesses,
  type FakeProcesses,
  type RecordedRun,
  type ScriptedResult,
} from './fake-processes.ts';
export { fakeClock, type FakeClock } from './fake-clock.ts';
export { fakeLog, type FakeLog, type LoggedMessage } from './fake-log.ts';
