/** One line of progress, and whether it went well. */
export interface Step {
  /** Without a line end. */
  readonly text: string;
  readonly outcome: 'done' | 'note' | 'warning' | 'failed';
  /** What the command ends with when nothing else was done. */
  readonly exitCode: number;
}

export const done = (text: string): Step => ({ text, outcome: 'done', exitCode: 0 });
/** Nothing was done, and that is no failure. */
export const note = (text: string): Step => ({ text, outcome: 'note', exitCode: 0 });
export const failed = (text: string, exitCode = 1): Step => ({ text, outcome: 'failed', exitCode });
/** Done, and of no use where it is wanted. */
export const warning = (text: string): Step => ({
  text: `warning: ${text}`,
  outcome: 'warning',
  exitCode: 3,
});
