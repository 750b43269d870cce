/** Options of `run` and `exec` about guests that hang or crash. */
export const guestWatchOptions = {
  'stall-timeout': {
    type: 'string',
    value: 'DURATION',
    help: 'end the guest with 124, and say why, when it has made no progress for that long: 90s, 10m; default: never',
  },
  'stall-report': {
    type: 'string',
    value: 'FILE',
    help: 'write what was seen of a guest that made no progress, as JSON; --json leaves standard output to the guest',
    complete: 'file',
  },
  'stall-trace': {
    type: 'boolean',
    help: "have QEMU tell the guest's system calls, the last of which are shown when it makes no progress (slower)",
  },
  'explain-crash': {
    type: 'boolean',
    help: 'read what the guest writes to standard error, which is passed on, to tell whether it or QEMU crashed',
  },
} as const;
