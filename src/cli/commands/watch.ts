import { defineCommand } from '../command.ts';
import { enforce, interval, metricsFile, probeInterval } from './watch-options.ts';

export const watch = defineCommand({
  name: 'watch',
  summary: 'keep registrations up: put right what others remove, disable or shadow (root)',
  description: `Looks at the kernel's table every few seconds and puts right what was lost, as "register" does it, proven by a probe:
what was registered on this machine since it started, and what "persist" registers at each boot; or the architectures
that are named. What "unregister" takes back is let go. Entries of others stay untouched. One line for each event; with
--json one JSON object on each line. SIGTERM ends it, SIGHUP makes it look at everything anew.`,
  positionals: [{ name: 'ARCH', help: 'keep up these only', variadic: true, complete: 'architecture' }],
  options: {
    interval,
    'probe-interval': probeInterval,
    enforce,
    once: { type: 'boolean', help: 'look, put right and prove once, then end' },
    'metrics-file': metricsFile,
    'metrics-listen': {
      type: 'string',
      value: '[ADDR:]PORT|unix:PATH',
      help: 'serve /metrics and /healthz by HTTP; ADDR is 127.0.0.1 unless given',
    },
    'dry-run': { type: 'boolean', help: 'say what would be put right, change nothing' },
  },
  examples: [
    { command: 'sudo anyarch watch', does: 'until Ctrl-C' },
    { command: 'sudo anyarch watch --once', does: 'one round, such as from a timer of your own' },
    { command: 'sudo anyarch watch arm64 --metrics-listen 9797', does: 'with metrics for Prometheus' },
  ],
});
