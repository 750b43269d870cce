import type { ToolPatterns } from '../message-pattern.ts';

export const fish: ToolPatterns = {
  tool: 'fish',
  patterns: [
    {
      line: /^(?:fish: )?exec: Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['exec: Exec format error'],
    },
    {
      line: /marked as an executable but could not be run by the operating system/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        "The file './hello' is marked as an executable but could not be run by the operating system.",
      ],
    },
    {
      line: /Failed to execute process '(?<program>[^']+)'.*(?:could not be run by the operating system|Exec format error)/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        "fish: Failed to execute process './hello': The file exists and is executable, but could not be run by the operating system",
      ],
    },
    {
      line: /Failed to execute process '(?<program>[^']+)'.*(?:does not exist|interpreter|No such file)/,
      symptoms: ['no-such-file'],
      examples: [
        "fish: Failed to execute process './x.sh': The file specified the interpreter '/bin/x', which is not an executable command.",
      ],
    },
    {
      line: /Failed to execute process '(?<program>[^']+)'/,
      symptoms: [],
      examples: ["Failed to execute process './hello'. Reason:"],
    },
  ],
};
