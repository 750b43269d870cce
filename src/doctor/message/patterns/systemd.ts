import type { ToolPatterns } from '../message-pattern.ts';

/** systemd's units and systemd-binfmt, as the journal shows them. */
export const systemd: ToolPatterns = {
  tool: 'systemd',
  patterns: [
    {
      line: /Failed at step EXEC spawning (?<program>[^:]+): Exec format error|Unable to locate executable '(?<executable>[^']+)': Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['systemd[123]: x.service: Failed at step EXEC spawning /usr/bin/x: Exec format error'],
    },
    {
      line: /Failed at step EXEC spawning (?<program>[^:]+): No such file or directory|Unable to locate executable '(?<executable>[^']+)': No such file/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: [
        'systemd[123]: x.service: Failed at step EXEC spawning /usr/bin/x: No such file or directory',
      ],
    },
    {
      line: /Failed at step EXEC spawning (?<program>[^:]+): Permission denied/,
      symptoms: ['permission-denied'],
      precision: 'exact',
      examples: ['x.service: Failed at step EXEC spawning /usr/bin/x: Permission denied'],
    },
    {
      line: /status=203\/EXEC/,
      symptoms: ['exec-format-error', 'no-such-file', 'permission-denied'],
      examples: ['x.service: Main process exited, code=exited, status=203/EXEC'],
    },
    {
      line: /systemd-binfmt(?:\[\d+\])?: .*(?:Failed|error)|Failed to (?:add|flush|delete|validate) binary format|Failed to start .*(?:systemd-binfmt|Set Up Additional Binary Formats)/,
      symptoms: ['registration-refused'],
      precision: 'exact',
      examples: [
        "systemd-binfmt[321]: /usr/lib/binfmt.d/qemu-aarch64.conf:1: Failed to add binary format 'qemu-aarch64': No such file or directory",
      ],
    },
    {
      line: /\bsystemd(?:\[\d+\]|-\w+)?: /,
      symptoms: [],
      precision: 'vague',
      examples: ['systemd[1]: Started x.'],
    },
  ],
};
