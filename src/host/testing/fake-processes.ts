import type { ProcessOptions, ProcessResult, Processes } from '../processes.ts';

/** What a scripted command leads to; a success without output where nothing is said. */
export type ScriptedResult = Partial<Omit<ProcessResult, 'command'>>;
type Script = ScriptedResult | ((command: readonly string[], options: ProcessOptions) => ScriptedResult);

export interface RecordedRun {
  readonly command: readonly string[];
  readonly options: ProcessOptions;
}

/** Runs nothing: answers from a script and records what was asked. */
export interface FakeProcesses extends Processes {
  /** Every run so far, the oldest first. */
  readonly runs: readonly RecordedRun[];
  /** Commands that begin with these words lead to this; the latest that fits counts. Others are not found: ENOENT. */
  on(prefix: readonly string[], script: Script): void;
}

export function fakeProcesses(): FakeProcesses {
  const runs: RecordedRun[] = [];
  const scripts: { prefix: readonly string[]; script: Script }[] = [];
  return {
    runs,
    on: (prefix, script) => {
      scripts.unshift({ prefix, script });
    },
    run: (command, options = {}) => {
      runs.push({ command, options });
      const found = scripts.find(({ prefix }) => prefix.every((word, index) => command[index] === word));
      if (found === undefined) return { ...succeeded, command, exitCode: undefined, startError: 'ENOENT' };
      const result = typeof found.script === 'function' ? found.script(command, options) : found.script;
      return { ...succeeded, ...result, command };
    },
  };
}

const succeeded: Omit<ProcessResult, 'command'> = {
  exitCode: 0,
  signal: undefined,
  startError: undefined,
  timedOut: false,
  stdout: '',
  stderr: '',
  durationMs: 0,
};
