import { defineCommand } from '../command.ts';

const interval = {
  type: 'string',
  value: 'SECONDS',
  help: 'time from one look to the next, at least 0.5 (default 5)',
} as const;
const probeInterval = {
  type: 'string',
  value: 'SECONDS',
  help: 'how often everything is proven by executing a probe (default 600; 0: only at the start)',
} as const;
const enforce = { type: 'boolean', help: 'enable again what somebody disabled' } as const;
const metricsFile = {
  type: 'string',
  value: 'PATH',
  help: "write metrics there, in Prometheus' text format (for node_exporter: DIR/anyarch.prom)",
  complete: 'file',
} as const;

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

export const watchEnable = defineCommand({
  name: 'watch enable',
  summary: 'install the watch as a service that starts at each boot (root)',
  description: `Installs a service that runs "anyarch watch" with the static program, which needs neither Node.js nor this package,
and starts it where the init is running.`,
  positionals: [],
  options: {
    interval,
    'probe-interval': probeInterval,
    enforce,
    'metrics-file': metricsFile,
    init: {
      type: 'string',
      choices: ['systemd', 'openrc', 'runit'],
      help: 'for which init (default: found out)',
    },
    program: { type: 'string', value: 'DIR', help: 'where the static programs are', complete: 'directory' },
    force: {
      type: 'boolean',
      help: 'replace files that somebody changed; the old one stays as PATH.anyarch-saved',
    },
    'dry-run': { type: 'boolean', help: 'print what would be installed' },
  },
  examples: [
    { command: 'sudo anyarch watch enable', does: 'a service of systemd, started now and at each boot' },
    {
      command: 'sudo anyarch watch enable --metrics-file /var/lib/prometheus/node-exporter/anyarch.prom',
      does: "with metrics for node_exporter's textfile collector",
    },
  ],
});

export const watchDisable = defineCommand({
  name: 'watch disable',
  summary: 'stop the service and remove it (root)',
  positionals: [],
  options: {
    force: { type: 'boolean', help: 'remove files that somebody changed; they stay as PATH.anyarch-saved' },
    'dry-run': { type: 'boolean', help: 'print what would be removed' },
  },
  examples: [{ command: 'sudo anyarch watch disable', does: 'registrations stay as they are' }],
});

export const watchStatus = defineCommand({
  name: 'watch status',
  summary: 'show whether the service is installed and at work',
  positionals: [],
  options: {},
  examples: [{ command: 'anyarch watch status --json', does: 'for scripts' }],
});
