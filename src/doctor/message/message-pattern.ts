import type { Symptom } from '../symptom.ts';

/**
 * How much a line tells: `exact`: nothing else makes a tool print it; `errno`: an errno with what it happened to; `vague`: words
 * that stand in many harmless lines, too.
 */
export type Precision = 'exact' | 'errno' | 'vague';

/** A line that a tool prints, as data. */
export interface MessagePattern {
  /**
   * Looked for in each line, without colours and JSON's escapes. What its groups `program` and `architecture` hold is what the line is
   * about. Without anything that takes time for hostile lines: no repetition within a repetition.
   */
  readonly line: RegExp;
  /** The most telling first. Empty: the line only tells which tool, program or architecture it is about. */
  readonly symptoms: readonly Symptom[];
  /** Default: `errno`. */
  readonly precision?: Precision;
  /** As tools print it; the unit test demands that it is understood. */
  readonly examples: readonly [string, ...string[]];
}

/** What one tool prints. */
export interface ToolPatterns {
  /** Undefined where many print it: then another line tells the tool. */
  readonly tool: string | undefined;
  readonly patterns: readonly MessagePattern[];
}
