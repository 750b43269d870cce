import { defineCommand } from '../command.ts';

export const accelerateReport = defineCommand({
  name: 'accelerate report',
  summary: 'tell what ran natively, what was emulated and why',
  description: `Shows the last report: how often each foreign program ran as a native tool, how often it was emulated, with every reason,
the time that was won at least, and which programs could be accelerated next. Nothing is recorded unless somebody follows:
"run --acceleration-report", "build", or this command with --follow, which counts what happens in all containers that see
the tool tree, whoever started them, until Ctrl-C.`,
  positionals: [],
  options: {
    follow: { type: 'boolean', short: 'f', help: 'count from now on until Ctrl-C, then report' },
  },
  examples: [
    { command: 'anyarch accelerate report', does: 'of what was followed last' },
    { command: 'sudo anyarch accelerate report --follow', does: 'while docker builds, in another terminal' },
  ],
});
