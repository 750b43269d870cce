import { defineCommand } from '../command.ts';
import { enforce, interval, metricsFile, probeInterval } from './watch-options.ts';

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
