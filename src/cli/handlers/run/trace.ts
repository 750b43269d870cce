import { constants, mkdtempSync, openSync, rmSync, chmodSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnyarchError } from '../../../core/error.ts';
import type { Host } from '../../../host/host.ts';
import type { Bind } from '../../../run/index.ts';

/** What QEMU tells of the guest's system calls, of which only the end is kept. */
export interface Trace {
  readonly environment: readonly string[];
  readonly binds: readonly Bind[];
  /** Calls that a program does not make while it only waits, so far. */
  readonly calls: () => number;
  /** The last lines, when all has been read. */
  readonly last: () => Promise<readonly string[]>;
  readonly close: () => void;
}

const inGuest = '/dev/.anyarch-trace';
const keptLines = 20;
/** Made again and again by programs that do nothing else. */
const idle =
  /^\d+ (futex|sched_yield|nanosleep|clock_nanosleep|clock_gettime|gettimeofday|poll|ppoll|select|pselect6|epoll_\w*wait\w*|rt_sig\w+|restart_syscall)\b/;

/**
 * Through a pipe with a name, because a file would grow with the guest's life.
 *
 * @throws AnyarchError ANYARCH_FILE where it cannot be made
 */
export function openTrace(host: Pick<Host, 'processes'>, isHostRoot: boolean): Trace {
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-trace-'));
  // The guest may have another user id.
  chmodSync(directory, 0o711);
  const path = join(directory, 'calls');
  const made = host.processes.run(['mkfifo', '-m', '0622', path], { timeoutMs: 5000 });
  if (made.exitCode !== 0) {
    rmSync(directory, { recursive: true });
    throw new AnyarchError('ANYARCH_FILE', `cannot make the pipe ${path}: ${made.stderr.trim()}`, {
      hint: 'leave out --stall-trace, or give TMPDIR a directory where pipes can be made',
    });
  }
  // With a writing end of its own it does not end when the guest's last program does.
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  let lines: string[] = [];
  let rest = '';
  let calls = 0;
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = (parts.pop() ?? '').slice(-1000);
    calls += parts.filter((line) => !idle.test(line)).length;
    lines = [...lines, ...parts].slice(-keptLines);
  });
  socket.unref();
  const seen = isHostRoot ? path : inGuest;
  return {
    environment: ['QEMU_STRACE=1', `QEMU_LOG_FILENAME=${seen}`],
    binds: isHostRoot ? [] : [{ source: path, target: inGuest, readOnly: false, kind: 'file' }],
    calls: () => calls,
    last: async () => {
      await new Promise((done) => setTimeout(done, 20));
      return rest === '' ? lines : [...lines, rest];
    },
    close: () => {
      socket.destroy();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
