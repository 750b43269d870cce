/** Options of the watch that its service takes, too. */
export const interval = {
  type: 'string',
  value: 'SECONDS',
  help: 'time from one look to the next, at least 0.5 (default 5)',
} as const;
export const probeInterval = {
  type: 'string',
  value: 'SECONDS',
  help: 'how often everything is proven by executing a probe (default 600; 0: only at the start)',
} as const;
export const enforce = { type: 'boolean', help: 'enable again what somebody disabled' } as const;
export const metricsFile = {
  type: 'string',
  value: 'PATH',
  help: "write metrics there, in Prometheus' text format (for node_exporter: DIR/anyarch.prom)",
  complete: 'file',
} as const;
